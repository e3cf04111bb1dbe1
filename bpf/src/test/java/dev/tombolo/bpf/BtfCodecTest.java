package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.bpf.egress.EgressAction;
import dev.tombolo.bpf.egress.EgressAddress;
import dev.tombolo.bpf.egress.EgressAddressKey;
import dev.tombolo.bpf.egress.EgressFence;
import dev.tombolo.bpf.egress.EgressFenceKey;
import dev.tombolo.bpf.egress.EgressFlow;
import dev.tombolo.bpf.egress.EgressGateway;
import dev.tombolo.bpf.egress.EgressGatewayKey;
import dev.tombolo.bpf.egress.EgressGroup;
import dev.tombolo.bpf.egress.EgressGroupKey;
import dev.tombolo.bpf.egress.EgressInternal;
import dev.tombolo.bpf.egress.EgressInternalKey;
import dev.tombolo.bpf.egress.EgressNat;
import dev.tombolo.bpf.egress.EgressRate;
import dev.tombolo.bpf.egress.EgressRateKey;
import dev.tombolo.bpf.egress.EgressRule;
import dev.tombolo.bpf.egress.EgressRuleKey;
import dev.tombolo.bpf.egress.EgressSaturation;
import dev.tombolo.bpf.egress.EgressSaturationKey;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.EgressSourceKey;
import dev.tombolo.bpf.egress.EgressTuple;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.bpf.ipcache.IpcacheHostKey;
import dev.tombolo.bpf.service.BackendKey;
import dev.tombolo.bpf.service.BackendRow;
import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.ServiceFrontend;
import dev.tombolo.bpf.service.ServiceFrontendKey;
import dev.tombolo.bpf.service.ServiceSlot;
import dev.tombolo.bpf.service.ServiceSlotKey;
import dev.tombolo.bpf.service.ServiceSource;
import dev.tombolo.bpf.service.ServiceSourceKey;
import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Needs the compiled object only: no root, no kernel. */
class BtfCodecTest {
    record Short(IpAddress address, int port) {}

    record Wide(IpAddress address, long port, int protocol) {}

    @Test
    void writesWhatTheStructOfCHolds() throws Exception {
        var codec = BtfCodec.of(ServiceFrontendKey.class, BpfObject.btf("socket_lb"), "service_frontend_key");
        var key = new ServiceFrontendKey(IpAddress.parse("192.0.2.1"), 80, 6, 1);
        byte[] bytes = new byte[codec.size()];
        codec.write(key, ByteBuffer.wrap(bytes), 0);
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("00000000000000000000ffffc00002010050060100000000");
        assertThat(codec.read(ByteBuffer.wrap(bytes), 0)).isEqualTo(key);
    }

    @Test
    void readsBackEveryFieldOfABackend() throws Exception {
        var codec = BtfCodec.of(BackendRow.class, BpfObject.btf("socket_lb"), "service_backend");
        var row = new BackendRow(IpAddress.parse("2001:db8::1"), 65_535, 511, BackendState.QUARANTINED, 77, 40_000);
        var bytes = ByteBuffer.allocate(codec.size());
        codec.write(row, bytes, 0);
        assertThat(codec.read(bytes, 0)).isEqualTo(row);
    }

    /** No two fields of a row have the same value, so that none can stand in another's place. */
    static Stream<Arguments> rowsThatWriteThemselves() {
        var address = IpAddress.parse("2001:db8::1:2");
        var other = IpAddress.parse("2001:db8::3:4");
        return Stream.of(
                Arguments.of("socket_lb", "service_frontend_key", new ServiceFrontendKey(address, 1, 2, 3)),
                Arguments.of("socket_lb", "service_frontend", new ServiceFrontend(1, 2, 3, 4)),
                Arguments.of("socket_lb", "service_slot_key", new ServiceSlotKey(1, 2, 3)),
                Arguments.of("socket_lb", "service_slot", new ServiceSlot(1)),
                Arguments.of("socket_lb", "service_source_key", new ServiceSourceKey(1, 2, 3, address)),
                Arguments.of("socket_lb", "service_source", new ServiceSource(1)),
                Arguments.of("socket_lb", "service_backend_key", new BackendKey(1)),
                Arguments.of(
                        "socket_lb", "service_backend", new BackendRow(address, 9, 3, BackendState.QUARANTINED, 5, 7)),
                Arguments.of("egress", "egress_source_key", new EgressSourceKey(address)),
                Arguments.of("egress", "egress_source", new EgressSource(1, 2)),
                Arguments.of("egress", "egress_rule_key", new EgressRuleKey(1, 2, 3, address)),
                Arguments.of("egress", "egress_rule", new EgressRule(EgressAction.EXCLUDE, 1, 3, 4)),
                Arguments.of("egress", "egress_internal_key", new EgressInternalKey(1, 2, address)),
                Arguments.of("egress", "egress_internal", new EgressInternal(1)),
                Arguments.of("egress", "egress_group_key", new EgressGroupKey(1)),
                Arguments.of("egress", "egress_group", EgressGroup.of(List.of(5, 6, 7))),
                Arguments.of("egress", "egress_gateway_key", new EgressGatewayKey(1)),
                Arguments.of("egress", "egress_gateway", new EgressGateway(1, 2, 3)),
                Arguments.of("egress", "egress_address_key", new EgressAddressKey(1, 2)),
                Arguments.of("egress", "egress_address", new EgressAddress(address, 1, 2, 3)),
                Arguments.of("egress", "egress_tuple", new EgressTuple(address, other, 1, 2, 3, 4)),
                Arguments.of("egress", "egress_nat", new EgressNat(address, 1, 2, 3, 4, 5, 6, 7, 8)),
                Arguments.of("egress", "egress_flow", new EgressFlow(1, 2, 3, 4, 5, 6)),
                Arguments.of("egress", "egress_rate_key", new EgressRateKey(1)),
                Arguments.of("egress", "egress_rate", new EgressRate(1, 2)),
                Arguments.of("egress", "egress_saturation_key", new EgressSaturationKey(address)),
                Arguments.of("egress", "egress_saturation", new EgressSaturation(1)),
                Arguments.of("egress", "egress_fence_key", new EgressFenceKey(address)),
                Arguments.of("egress", "egress_fence", new EgressFence(1, 2)),
                Arguments.of("from_tunnel", "ipcache_host_key", new IpcacheHostKey(address)),
                Arguments.of("from_tunnel", "ipcache_entry", new IpcacheEntry(1, 2, 3, 4)));
    }

    @ParameterizedTest
    @MethodSource("rowsThatWriteThemselves")
    void aRowThatWritesItselfIsReadBackTheSame(String object, String struct, Record row) throws Exception {
        assertThat(row).isInstanceOf(Packed.class);
        assertIsReadBack(row.getClass(), row, BpfObject.btf(object), struct);
    }

    private static <T extends Record> void assertIsReadBack(Class<T> type, Record row, Btf btf, String struct) {
        var codec = BtfCodec.of(type, btf, struct);
        var bytes = ByteBuffer.allocate(codec.size());
        codec.write(type.cast(row), bytes, 0);
        assertThat(codec.read(bytes, 0)).isEqualTo(row);
    }

    @Test
    void refusesARecordThatLacksAFieldOrHasAnotherSize() throws Exception {
        var btf = BpfObject.btf("socket_lb");
        assertThatThrownBy(() -> BtfCodec.of(Short.class, btf, "service_frontend_key"))
                .hasMessage("Short lacks field protocol of service_frontend_key");
        assertThatThrownBy(() -> BtfCodec.of(Wide.class, btf, "service_frontend_key"))
                .hasMessage("field port of service_frontend_key has 2 bytes, which is no long");
    }

    @Test
    void refusesMoreNumbersThanAnArrayHasRoomFor() throws Exception {
        record Group(int count, List<Integer> slots) {}

        var codec = BtfCodec.of(Group.class, BpfObject.btf("egress"), "egress_group");
        var bytes = ByteBuffer.allocate(codec.size());
        assertThatThrownBy(() -> codec.write(new Group(65, Collections.nCopies(65, 1)), bytes, 0))
                .hasMessage("slots has room for 64 numbers, not 65");
    }

    @Test
    void egressActionsHaveTheNumbersOfC() throws Exception {
        var values = BpfObject.btf("egress").enumValues("egress_action");
        for (var action : EgressAction.values()) {
            assertThat(values).containsEntry("EGRESS_" + action.name(), action.ordinal());
        }
    }

    @Test
    void backendStatesHaveTheNumbersOfC() throws Exception {
        var values = BpfObject.btf("socket_lb").enumValues("backend_state");
        for (var state : BackendState.values()) {
            assertThat(values).containsEntry("BACKEND_" + state.name().toUpperCase(Locale.ROOT), state.ordinal());
        }
    }
}
