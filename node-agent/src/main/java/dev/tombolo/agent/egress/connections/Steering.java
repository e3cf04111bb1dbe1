package dev.tombolo.agent.egress.connections;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.egress.EgressAction;
import dev.tombolo.bpf.egress.EgressInternalKey;
import dev.tombolo.bpf.egress.EgressMaps;
import dev.tombolo.bpf.egress.EgressRuleKey;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.EgressSourceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the data path does, asked of its own maps as {@code decide} in C asks them. Sources are read once, as very many
 * connections have few of them: to be made anew for each pass.
 */
final class Steering {
    private final EgressMaps maps;
    private final Map<IpAddress, Optional<EgressSource>> sources = new HashMap<>();

    Steering(EgressMaps maps) {
        this.maps = maps;
    }

    Fate fate(IpAddress pod, IpAddress destination) throws BpfException {
        var source = source(pod);
        if (source.isEmpty()) {
            return Fate.NOT_STEERED;
        }
        if (source.get().isHeld()) {
            return Fate.HELD;
        }
        return isSteered(source.get(), Prefix.host(destination)) ? Fate.STEERED : Fate.NOT_STEERED;
    }

    private Optional<EgressSource> source(IpAddress pod) throws BpfException {
        var known = sources.get(pod);
        if (known == null) {
            known = maps.sources().lookup(new EgressSourceKey(pod));
            sources.put(pod, known);
        }
        return known;
    }

    private boolean isSteered(EgressSource source, Prefix destination) throws BpfException {
        return maps.internal().lookup(EgressInternalKey.of(destination)).isEmpty()
                && maps.rules()
                        .lookup(EgressRuleKey.of(source.setId(), destination))
                        .filter(rule -> rule.action() == EgressAction.GATEWAY)
                        .isPresent();
    }
}
