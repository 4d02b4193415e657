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
    /** The sigmoid approximation of GELU, x·σ(1.702·x). */
    GELU_SIGMOID {
        @Override
        NDArray of(NDArray x) {
            return x.mul(Torch.sigmoid(Torch.scaled(x, QUICK)));
        }
    },
    /** max(x, 0). */
    RELU {
        @Override
        NDArray of(NDArray x) {
            return x.getNDArrayInternal().relu();
        }
    },
    /** x·σ(x). */
    SILU {
        @Override
        NDArray of(NDArray x) {
            return x.mul(Torch.sigmoid(x));
        }
    },
    /** tanh x. */
    TANH {
        @Override
        NDArray of(NDArray x) {
            return x.tanh();
        }
    };

    private static final double CUBIC = 0.044715;
    private static final double QUICK = 1.702;

    abstract NDArray of(NDArray x);
}
