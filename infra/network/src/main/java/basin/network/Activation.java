package basin.network;

import ai.djl.ndarray.NDArray;
import basin.network.engine.Torch;

/** What stands between the two layers of a feed-forward block; each can be differentiated twice. */
public enum Activation {
    /** x·Φ(x). */
    GELU {
        @Override
        NDArray of(NDArray x) {
            return Torch.gelu(x);
        }
    },
    /** The approximation of GELU by a hyperbolic tangent. */
    GELU_TANH {
        @Override
        NDArray of(NDArray x) {
            NDArray cubed = x.mul(x).mul(x);
            NDArray inner = Torch.scaled(x.add(Torch.scaled(cubed, CUBIC)), Math.sqrt(2 / Math.PI));
            NDArray half = Torch.scaled(x, 0.5);
            return half.add(half.mul(inner.tanh()));
        }
    },
    /** The larger of x and 0. */
    RELU {
        @Override
        NDArray of(NDArray x) {
            return x.getNDArrayInternal().relu();
        }
    };

    private static final double CUBIC = 0.044715;

    abstract NDArray of(NDArray x);
}
