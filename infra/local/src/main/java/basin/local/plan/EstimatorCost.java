package basin.local.plan;

import basin.events.spec.EstimatorSpec;

/** What estimators spend: as they are counted at work, a forward pass is a third of a gradient, an exact product two gradients. */
final class EstimatorCost {
    private static final double FORWARD = 1.0 / 3;
    private static final double PRODUCT = 2;

    /** Lanczos's steps, of 40 to 80. */
    private static final double STEPS = 60;

    /** Products of Hutch++ and XTrace on each batch. */
    private static final double PROJECTIONS = 12;

    private EstimatorCost() {}

    /** Gradients of an example: at most where an error is to be reached. */
    static double gradients(EstimatorSpec estimator) {
        int probes = estimator.probes().orElse(1);
        return switch (estimator.estimator()) {
            case "paired", "layers.exact" -> 2 + probes * 2 * PRODUCT;
            case "hessian.hutchinson", "adaptive.exact" -> probes * PRODUCT;
            case "hessian.hutchpp", "hessian.xtrace" -> PROJECTIONS * PRODUCT;
            case "hessian.forward", "hessian.refined", "adaptive.forward", "fisher.forward" ->
                (1 + 2 * probes) * FORWARD;
            case "hessian.split" -> 1 + (1 + 2 * probes) * FORWARD;
            case "spectrum.lanczos" -> STEPS * PRODUCT;
            case "sharpness.average", "sharpness.adaptive" -> 3 * FORWARD;
            case "sharpness.sam" -> 1 + 2 * FORWARD;
            default -> probes;
        };
    }
}
