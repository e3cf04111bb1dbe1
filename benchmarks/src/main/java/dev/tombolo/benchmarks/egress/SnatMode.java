package dev.tombolo.benchmarks.egress;

import dev.tombolo.benchmarks.egress.SnatTopology.Place;
import dev.tombolo.benchmarks.kernel.EgressSandbox;
import dev.tombolo.benchmarks.shell.Shell;
import dev.tombolo.bpf.egress.EgressAction;
import dev.tombolo.bpf.egress.EgressAddress;
import dev.tombolo.bpf.egress.EgressAddressKey;
import dev.tombolo.bpf.egress.EgressGateway;
import dev.tombolo.bpf.egress.EgressGatewayKey;
import dev.tombolo.bpf.egress.EgressGroup;
import dev.tombolo.bpf.egress.EgressGroupKey;
import dev.tombolo.bpf.egress.EgressMaps;
import dev.tombolo.bpf.egress.EgressRule;
import dev.tombolo.bpf.egress.EgressRuleKey;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.EgressSourceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.io.IOException;
import java.util.List;

/** One way to give pods the gateway's address; when closed, the topology is as it was. */
sealed interface SnatMode extends AutoCloseable {
    @Override
    void close();

    /** The product's programs. */
    final class Programs implements SnatMode {
        private static final int SET = 7;
        private static final int GROUP = 1;
        private static final int POLICY = 70;
        private static final EgressGatewayKey GATEWAY = new EgressGatewayKey(11);
        private static final int FIRST_PORT = 1_024;
        private static final int LAST_PORT = 65_535;

        /** As an agent has it: what is on its way to a gateway keeps its source, and conntrack knows it. */
        private static final String SOURCES = """
                table ip bench {
                  chain sources {
                    type nat hook postrouting priority 99
                    meta mark & 0x1000 == 0x1000 ct mark set ct mark or 0x1000 snat to ip saddr
                  }
                }
                """;

        private final SnatTopology net;
        private final EgressSandbox node;
        private final EgressSandbox gateway;

        Programs(SnatTopology net) throws IOException {
            this.net = net;
            node = EgressSandbox.open();
            gateway = EgressSandbox.open();
            int carrier = net.ifindex(Place.NODE, net.carrierOf(Place.NODE));
            policy(node.datapath().maps(), EgressGateway.remote(carrier, SnatTopology.CARRIER_MTU));
            policy(gateway.datapath().maps(), EgressGateway.LOCAL);
            var address = IpAddress.parse(SnatTopology.EGRESS);
            int uplink = net.ifindex(Place.GATEWAY, SnatTopology.UPLINK);
            gateway.datapath()
                    .maps()
                    .addresses()
                    .put(new EgressAddressKey(GROUP, 4), new EgressAddress(address, uplink, FIRST_PORT, LAST_PORT));
            for (Place place : List.of(Place.NODE, Place.GATEWAY)) {
                Shell.run(SOURCES, net.in(place, "nft", "-f", "-"));
            }
            attach();
        }

        private static void policy(EgressMaps maps, EgressGateway way) throws IOException {
            maps.gateways().put(GATEWAY, way);
            maps.groups().put(new EgressGroupKey(GROUP), EgressGroup.of(List.of(GATEWAY.gatewayId())));
            var outside = Prefix.parse(SnatTopology.SERVER + "/32");
            maps.rules().put(EgressRuleKey.of(SET, outside), new EgressRule(EgressAction.GATEWAY, GROUP, POLICY));
            for (String pod : List.of(SnatTopology.POD, SnatTopology.GATEWAY_POD)) {
                maps.sources().put(new EgressSourceKey(IpAddress.parse(pod)), EgressSource.ofSet(SET));
            }
        }

        private void attach() throws IOException {
            String there = net.path(Place.GATEWAY);
            gateway.datapath().attachUplink(SnatTopology.UPLINK, there);
            gateway.datapath().attachGatewayCarrier(net.carrierOf(Place.GATEWAY), there);
            gateway.datapath().attachPods(SnatTopology.POD_DEVICE, there);
            String here = net.path(Place.NODE);
            node.datapath().attachUplink("under0", here);
            node.datapath().attachSourceCarrier(net.carrierOf(Place.NODE), here);
            node.datapath().attachPods(SnatTopology.POD_DEVICE, here);
        }

        @Override
        public void close() {
            node.close();
            gateway.close();
            for (Place place : List.of(Place.NODE, Place.GATEWAY)) {
                net.run(place, "nft delete table ip bench");
            }
        }
    }

    /** The kernel's own: routes into the same device, and a masquerade by nftables where it ends. */
    final class Masquerade implements SnatMode {
        private static final String RULES = """
                table ip bench {
                  chain sources {
                    type nat hook postrouting priority srcnat
                    oifname "%s" masquerade
                  }
                  chain segments {
                    type filter hook forward priority mangle
                    tcp flags syn tcp option maxseg size set rt mtu
                  }
                }
                """.formatted(SnatTopology.UPLINK);

        private final SnatTopology net;

        Masquerade(SnatTopology net) {
            this.net = net;
            net.run(Place.NODE, "ip route add 203.0.113.0/24 dev " + net.carrierOf(Place.NODE));
            net.run(Place.GATEWAY, "ip route add 10.1.0.0/24 dev " + net.carrierOf(Place.GATEWAY));
            Shell.run(RULES, net.in(Place.GATEWAY, "nft", "-f", "-"));
        }

        @Override
        public void close() {
            net.run(Place.GATEWAY, "nft delete table ip bench");
            net.run(Place.GATEWAY, "ip route del 10.1.0.0/24");
            net.run(Place.NODE, "ip route del 203.0.113.0/24");
        }
    }
}
