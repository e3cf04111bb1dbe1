package dev.tombolo.agent.outside;

import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.outside.BackendPlace;
import dev.tombolo.bpf.outside.BackendPlaceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The places of backends as the programs read them. */
record KernelPlaces(BpfMap<BackendPlaceKey, BackendPlace> map) implements Target<IpAddress, BackendPlace> {
    @Override
    public Map<IpAddress, BackendPlace> observe() throws IOException {
        var rows = new HashMap<IpAddress, BackendPlace>();
        map.forEach((key, place) -> rows.put(key.backend(), place));
        return rows;
    }

    @Override
    public void put(IpAddress backend, BackendPlace place) throws IOException {
        map.put(new BackendPlaceKey(backend), place);
    }

    @Override
    public void remove(IpAddress backend) throws IOException {
        map.delete(new BackendPlaceKey(backend));
    }
}
