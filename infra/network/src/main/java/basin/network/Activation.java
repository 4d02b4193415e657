package basin.network;

import ai.djl.ndarray.NDArray;
import basin.network.engine.Torch;

/** The activation function of a feed-forward block. Each is twice differentiable in the engine. */
public enum Activation {
    /** x·Φ(x). */
    GELU {
        @Override
        NDArray of(NDArray x) {
            return Torch.gelu(x);
        }
    },
    /** The tanh approximation of GELU. */
    GELU_TANH {
        @Override
        NDArray of(NDArray x) {
            NDArray cubed = x.mul(x).mul(x);
            NDArray inner = Torch.scaled(x.add(Torch.scaled(cubed, CUBIC)), Math.sqrt(2 / Math.PI));
            NDArray half = Torch.scaled(x, 0.5);
            return half.add(half.mul(inner.tanh()));
        }
    },
    /** max(x, 0). */
    RELU {
        @Override
        NDArray of(NDArray x) {
            return x.getNDArrayInternal().relu();
        }
    };

    private static final double CUBIC = 0.044715;

    abstract NDArray of(NDArray x);
}
