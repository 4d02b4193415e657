package basin.flatness.estimator;

import basin.lm.model.SequenceModel;
import java.util.Arrays;
import java.util.List;

/** A network of sequences on masked batches, so that the kit's language can be drawn from. */
record MaskedSequences(NetworkSurface surface, SequenceModel model) implements LossSurface<MaskedBatch> {

    private TokenSequences sequences(MaskedBatch batch) {
        int[][] sentences = new int[batch.size()][];
        int[] positions = new int[batch.size()];
        double[][][] targets = new double[batch.size()][][];
        Arrays.setAll(sentences, batch::sentence);
        Arrays.setAll(positions, batch::position);
        Arrays.setAll(targets, i -> new double[][] {batch.target(i)});
        return SentenceBatches.sequences(model.training(sentences, positions), targets);
    }

    @Override
    public int parameters() {
        return surface.parameters();
    }

    @Override
    public double[] theta() {
        return surface.theta();
    }

    @Override
    public double[] gradientNorms(MaskedBatch batch, OutputProbe probe) {
        return surface.gradientNorms(sequences(batch), probe);
    }

    @Override
    public double joinedGradientNorm(MaskedBatch batch, OutputProbe probe) {
        return surface.joinedGradientNorm(sequences(batch), probe);
    }

    @Override
    public List<Block> blocks() {
        return surface.blocks();
    }

    @Override
    public double[][] gradientNormsOfBlocks(MaskedBatch batch, OutputProbe probe) {
        return surface.gradientNormsOfBlocks(sequences(batch), probe);
    }

    @Override
    public double[] gradient(MaskedBatch batch) {
        return surface.gradient(sequences(batch));
    }

    @Override
    public List<CurvatureProduct> products(MaskedBatch batch, List<double[]> directions) {
        return surface.products(sequences(batch), directions);
    }

    @Override
    public Outlook look(MaskedBatch batch, double[] direction, double step) {
        return surface.look(sequences(batch), direction, step);
    }

    @Override
    public double precision() {
        return surface.precision();
    }
}
