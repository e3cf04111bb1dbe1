package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpAdvertisement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.function.Consumer;

/** From what there is to what is asked to be told of it, source by source. */
public final class OfferPlan {
    private OfferPlan() {}

    public static RouteOffers service(
            Collection<BgpAdvertisement> advertisements, RouteInput.Mesh mesh, BgpService service) {
        return offers(advertisements, mesh, candidates -> candidates.add(service));
    }

    /** @param egress as in {@link RouteInput} */
    public static RouteOffers node(
            Collection<BgpAdvertisement> advertisements,
            RouteInput.Mesh mesh,
            RouteInput.Node node,
            Collection<EgressOffer> egress) {
        return offers(advertisements, mesh, candidates -> candidates.add(node, egress));
    }

    private static RouteOffers offers(
            Collection<BgpAdvertisement> advertisements, RouteInput.Mesh mesh, Consumer<Candidates> source) {
        var found = new ArrayList<RouteCandidate>();
        var withheld = new ArrayList<Withheld>();
        advertisements.forEach(advertisement -> source.accept(new Candidates(mesh, advertisement, found, withheld)));
        return new RouteOffers(found, withheld);
    }
}
