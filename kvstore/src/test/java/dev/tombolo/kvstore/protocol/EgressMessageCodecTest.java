package dev.tombolo.kvstore.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressMessage;
import dev.tombolo.model.egress.EgressMessage.Part;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressMessageCodecTest {
    private static final String POLICY = """
            {"cluster":"west","name":"billing","created":"2026-01-01T00:00:00Z","priority":5,"maxGateways":2,\
            "failover":true,"rateLimit":100000000,"destinations":["198.51.100.0/24"],"excluded":["198.51.100.9/32"],"gateways":[\
            {"egressIP":"192.0.2.10","nodes":[{"key":"egress","operator":"IN","values":["a","b"]}]},\
            {"interface":"eth1","nodes":[{"key":"egress","operator":"EXISTS","values":[]}]},{"nodes":[]}]}""";

    private static final String POD = """
            {"cluster":"west","address":"10.2.0.7","policies":{"audit":0,"billing":2}}""";

    private static final String NODE = """
            {"cluster":"west","name":"n1","labels":{"egress":"yes"},"ready":true,"draining":false,\
            "holds":["192.0.2.10","192.0.2.11"]}""";

    private static final String BARE = """
            {"cluster":"west","name":"n1","labels":{"egress":"yes"},"ready":true,"draining":false}""";

    @ParameterizedTest
    @CsvSource({"POLICIES, billing", "PODS, 10.2.0.7", "NODES, n1"})
    void messagesAreWrittenAsTheyWereRead(Part part, String leaf) {
        String golden = switch (part) {
            case POLICIES -> POLICY;
            case PODS -> POD;
            case NODES -> NODE;
        };
        var message = decode(part, leaf, golden).value().orElseThrow();
        assertThat(message.key()).isEqualTo(new EgressMessage.Key(new ClusterName("west"), part, leaf));
        assertThat(EgressMessageCodec.encode(message).text()).isEqualTo(golden);
    }

    /** As older versions say it. */
    @Test
    void aNodeNeedNotSayWhatItHolds() {
        var message = decode(Part.NODES, "n1", BARE).value().orElseThrow();
        assertThat(((EgressMessage.Offer) message).node().holds()).isEmpty();
        assertThat(EgressMessageCodec.encode(message).text()).isEqualTo(BARE);
        assertThat(decode(Part.NODES, "n1", NODE.replace("192.0.2.11", "everything"))
                        .refusal()
                        .map(Invalid::reason))
                .contains(Invalid.Reason.MALFORMED);
    }

    @Test
    void aKeyThatSaysAnotherNameIsRefused() {
        assertThat(decode(Part.PODS, "10.2.0.8", POD).refusal().map(Invalid::reason))
                .contains(Invalid.Reason.WRONG_KEY);
        assertThat(decode(Part.POLICIES, "other", POLICY).refusal().map(Invalid::reason))
                .contains(Invalid.Reason.WRONG_KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{",
                "{\"cluster\":\"West!\",\"name\":\"billing\",\"destinations\":[\"192.0.2.0/24\"]}",
                "{\"cluster\":\"west\",\"name\":\"billing\"}",
                "{\"cluster\":\"west\",\"name\":\"billing\",\"destinations\":[\"somewhere\"]}",
                "{\"cluster\":\"west\",\"name\":\"billing\",\"destinations\":[\"192.0.2.0/24\"],\"priority\":5000}",
                "{\"cluster\":\"west\",\"name\":\"billing\",\"destinations\":[\"192.0.2.0/24\"],\"rateLimit\":7}",
                "{\"cluster\":\"west\",\"name\":\"billing\",\"destinations\":[\"192.0.2.0/24\"],\"created\":\"today\"}",
                "{\"cluster\":\"west\",\"name\":\"billing\",\"destinations\":[\"192.0.2.0/24\"],\"gateways\":[{\"egressIP\":\"no\"}]}",
            })
    void whatIsNoPolicyIsRefused(String text) {
        assertThat(decode(Part.POLICIES, "billing", text).refusal().map(Invalid::reason))
                .contains(Invalid.Reason.MALFORMED);
    }

    @Test
    void theKeysOfTwoReadersAreApart() {
        var west = new ClusterName("west");
        assertThat(Stream.of("east", "east2").map(name -> EgressMessageKeys.to(west, new ClusterName(name))))
                .containsExactly("tombolo/egress-messages/v1/west/east/", "tombolo/egress-messages/v1/west/east2/");
    }

    private static Decoded<EgressMessage> decode(Part part, String leaf, String text) {
        String prefix = EgressMessageKeys.state(part, new ClusterName("west"), new ClusterName("east"));
        return EgressMessageCodec.decode(part, prefix, prefix + leaf, Value.of(text));
    }
}
