package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever comes out of ExaBGP: it is read, or it is not, and nothing else happens. */
class LineReadingPropertyTest {
    private static final String NOTIFIED = "{ \"type\": \"notification\", \"neighbor\": { \"address\": { \"local\":"
            + " \"192.0.2.1\", \"peer\": \"192.0.2.2\" }, \"asn\": { \"local\": 64500, \"peer\": 64501 },"
            + " \"direction\": \"receive\", \"message\": { \"category\": 3, \"body\": \"0x06020548616C6C6F\" } } }";

    @Property
    void noTextDoesHarm(@ForAll String text) {
        assertThat(LineReading.read(text)).isNotNull();
        assertThat(LineReading.read("{" + text)).isNotNull();
    }

    @Property
    void noDamageToAnEventDoesHarm(@ForAll long seed) {
        var random = new Random(seed);
        var text = new StringBuilder(NOTIFIED);
        for (int damages = 1 + random.nextInt(3); damages > 0 && !text.isEmpty(); damages--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.setCharAt(at, (char) random.nextInt(0x180));
                default -> text.setLength(at + 1);
            }
        }
        assertThat(LineReading.read(text.toString())).isNotNull();
    }

    @Property(tries = 1)
    void whatAnAdministratorSaysIsRead() {
        assertThat(LineReading.read(NOTIFIED))
                .isInstanceOfSatisfying(
                        Line.Notified.class,
                        notified -> assertThat(notified.words()).isEqualTo("Hallo"));
    }
}
