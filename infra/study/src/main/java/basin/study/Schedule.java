package basin.study;

/** The learning-rate schedule after the warm-up. */
public enum Schedule {
    /** Stays at the peak. */
    CONSTANT,
    /** Falls linearly to zero at the last step. */
    LINEAR
}
