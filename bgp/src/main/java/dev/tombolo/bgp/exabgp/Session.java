package dev.tombolo.bgp.exabgp;

import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.net.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * What ExaBGP knows a neighbour by. Where one of these changes it is another neighbour, with routes of its own.
 *
 * @param name as ExaBGP prints and selects it
 */
record Session(String name) {
    static Session of(BgpPeer peer) {
        return of(peer.peerAddress(), peer.localAddress(), peer.localAsn(), peer.peerAsn(), peer.routerId());
    }

    /** What the session puts in front of a path by itself: its own AS number, towards another system. */
    Optional<Asn> added() {
        var words = List.of(name.split(" "));
        String local = words.get(words.indexOf("local-as") + 1);
        String peer = words.get(words.indexOf("peer-as") + 1);
        return local.equals(peer) ? Optional.empty() : Optional.of(new Asn(Long.parseLong(local)));
    }

    static Session of(IpAddress peer, IpAddress local, Asn localAsn, Asn peerAsn, IpAddress routerId) {
        return new Session("neighbor %s local-ip %s local-as %s peer-as %s router-id %s"
                .formatted(peer, local, localAsn, peerAsn, routerId));
    }
}
