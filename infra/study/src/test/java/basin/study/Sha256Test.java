package basin.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

/** The examples of FIPS 180-2. */
class Sha256Test {
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void isThatOfTheStandard() throws IOException {
        byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
        assertThat(Sha256.hex(abc)).isEqualTo(ABC);
        assertThat(Sha256.of(abc)).hasSize(32).startsWith(0xba, 0x78, 0x16, 0xbf);
        MessageDigest digest = Sha256.start();
        digest.update(abc);
        assertThat(Sha256.hex(digest)).isEqualTo(ABC);
        byte[] many = "a".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
        assertThat(Sha256.hex(new ByteArrayInputStream(many)))
                .isEqualTo(Sha256.hex(many))
                .isEqualTo("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
}
