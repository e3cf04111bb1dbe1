package dev.tombolo.lab.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class DnsMessageTest {
    private static final Function<String, Optional<List<String>>> NAMES =
            name -> name.equals("web.default.svc.cluster.local") ? Optional.of(List.of("10.96.0.7")) : Optional.empty();

    @Test
    void answersAnAddress() {
        String answer = ask("Web.default.svc.cluster.local", 1);
        assertThat(answer)
                .startsWith("1234" + "8580" + "0001" + "0001")
                .endsWith("c00c0001000100000005" + "0004" + "0a600007");
    }

    @Test
    void hasNoIpv6AddressForANameThatExists() {
        assertThat(ask("web.default.svc.cluster.local", 28)).startsWith("1234" + "8580" + "0001" + "0000");
    }

    @Test
    void knowsNoOtherName() {
        assertThat(ask("example.com", 1)).startsWith("1234" + "8583" + "0001" + "0000");
    }

    @Test
    void isSilentOnRubbish() {
        assertThat(DnsMessage.answer(ByteBuffer.wrap(new byte[5]), NAMES)).isEmpty();
    }

    private static String ask(String name, int type) {
        ByteBuffer query = ByteBuffer.allocate(512)
                .putShort((short) 0x1234)
                .putShort((short) 0x0100)
                .putShort((short) 1)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0);
        for (String label : name.split("\\.")) {
            query.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        query.put((byte) 0).putShort((short) type).putShort((short) 1).flip();
        ByteBuffer answer = DnsMessage.answer(query, NAMES).orElseThrow();
        return HexFormat.of().formatHex(answer.array(), 0, answer.limit());
    }
}
