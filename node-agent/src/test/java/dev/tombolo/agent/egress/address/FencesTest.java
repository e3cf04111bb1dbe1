package dev.tombolo.agent.egress.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.BpfObject;
import dev.tombolo.bpf.BpfSupport;
import dev.tombolo.bpf.egress.EgressMaps;
import dev.tombolo.model.net.IpAddress;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rows that the programs ask whether a floating address is this node's. */
class FencesTest {
    private static final IpAddress OWNED = IpAddress.parse("192.0.2.7");
    private static final IpAddress LOST = IpAddress.parse("192.0.2.8");
    private static final IpAddress LOST_TOO = IpAddress.parse("2001:db8::8");

    @AutoClose
    private BpfObject object;

    private Fences fences;

    @BeforeEach
    void load() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        object = BpfObject.open("egress").load();
        fences = new Fences(EgressMaps.of(object).fence());
        fences.open(OWNED);
        fences.open(LOST);
        fences.close(LOST);
        fences.close(LOST_TOO);
    }

    @Test
    void whatIsLostIsClosed() throws Exception {
        assertThat(fences.read().open()).containsExactly(OWNED);
        assertThat(fences.read().closed()).containsExactlyInAnyOrder(LOST, LOST_TOO);
    }

    /** Its last translation is over: an address that is there again may be another machine's still. */
    @Test
    void whatIsLostIsKeptWhileTheNodeHasIt() throws Exception {
        fences.forgetAllBut(Set.of(OWNED, LOST));

        assertThat(fences.read().closed()).containsExactly(LOST);
        assertThat(fences.read().open()).containsExactly(OWNED);
    }

    @Test
    void whatTheAdministratorHasIsForgotten() throws Exception {
        fences.forget(Set.of(LOST));

        assertThat(fences.read().closed()).containsExactly(LOST_TOO);
        assertThat(fences.read().open()).containsExactly(OWNED);
    }
}
