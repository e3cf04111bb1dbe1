package dev.tombolo.model.bgp;

import dev.tombolo.model.bgp.BgpAdvertisement.Entry;
import dev.tombolo.model.bgp.BgpAdvertisement.RemoteBackends;
import dev.tombolo.model.bgp.BgpAdvertisement.ServiceAddress;
import dev.tombolo.model.bgp.BgpAdvertisement.Subject;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Attributes;
import dev.tombolo.model.bgp.BgpAdvertisementSpec.Service;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the entries of a CiliumBGPAdvertisement. */
record AdvertisementFields(BgpFields fields, RouteAnnotations wishes) {
    private static final int LONGEST_V4 = 31;
    private static final int LONGEST_V6 = 127;

    /** Empty where it cannot be meant; one without all the marks that were asked for would not be what was meant. */
    Optional<Entry> entry(String field, BgpAdvertisementSpec.Entry text) {
        int before = fields.refused().size();
        var subject = subject(field, text);
        var selector = text.selector().map(some -> fields.selector(field + ".selector", Optional.of(some)));
        var marks = marks(field + ".attributes", text.attributes());
        boolean clear = fields.refused().size() == before;
        reportWithoutEffect(field, text, subject);
        return subject.filter(_ -> clear).map(read -> new Entry(read, selector, marks, wishes.standby()));
    }

    private Optional<Subject> subject(String field, BgpAdvertisementSpec.Entry text) {
        return switch (text.advertisementType()) {
            case "PodCIDR" -> Optional.of(new Subject.PodRanges());
            case "EgressIP" -> Optional.of(new Subject.EgressAddresses());
            case "Interface" ->
                fields.device(
                                field + ".interface.name",
                                text.device()
                                        .map(BgpAdvertisementSpec.Device::name)
                                        .orElse(""))
                        .map(Subject.Interface::new);
            case "Service" -> services(field + ".service", text.service(), false);
            case "MeshService" -> services(field + ".service", text.service(), true);
            default -> {
                fields.refuse(
                        field + ".advertisementType",
                        text.advertisementType(),
                        "PodCIDR, Service, Interface, EgressIP or MeshService; there are no pools of pod addresses here");
                yield Optional.empty();
            }
        };
    }

    private Optional<Subject> services(String field, Optional<Service> text, boolean meshOnly) {
        var service = text.orElse(new Service(null, null, null));
        var addresses = addresses(field + ".addresses", service);
        return addresses.map(kinds -> new Subject.Services(
                kinds,
                aggregation(field + ".aggregationLengthIPv4", service.aggregationLengthIPv4(), LONGEST_V4),
                aggregation(field + ".aggregationLengthIPv6", service.aggregationLengthIPv6(), LONGEST_V6),
                meshOnly,
                wishes.remote().orElse(meshOnly ? RemoteBackends.ADVERTISE : RemoteBackends.WITHDRAW)));
    }

    private Optional<Set<ServiceAddress>> addresses(String field, Service service) {
        var kinds = EnumSet.noneOf(ServiceAddress.class);
        for (String text : service.addresses()) {
            Arrays.stream(ServiceAddress.values())
                    .filter(kind -> kind.name().equals(text))
                    .findFirst()
                    .ifPresentOrElse(
                            kinds::add, () -> fields.refuse(field, text, "LoadBalancerIP, ClusterIP or ExternalIP"));
        }
        if (service.addresses().isEmpty()) {
            fields.refuse(field, "none", "LoadBalancerIP, ClusterIP or ExternalIP, one at least");
        }
        return kinds.isEmpty() ? Optional.empty() : Optional.of(kinds);
    }

    /** Of length 0 there is none: that would be everything. */
    private OptionalInt aggregation(String field, Optional<Integer> length, int most) {
        if (length.isEmpty()) {
            return OptionalInt.empty();
        }
        var read = fields.number(field, length, 1, most, most);
        return read.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    private RouteMarks marks(String field, Optional<Attributes> text) {
        var preference = text.flatMap(Attributes::localPreference);
        preference
                .filter(number -> number < 0 || number > Asn.LARGEST)
                .ifPresent(
                        number -> fields.refuse(field + ".localPreference", number.toString(), "0 to " + Asn.LARGEST));
        var communities =
                new CommunityFields(fields).read(field + ".communities", text.flatMap(Attributes::communities));
        return new RouteMarks(
                communities,
                preference
                        .filter(number -> number >= 0 && number <= Asn.LARGEST)
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty()),
                wishes.med(),
                wishes.prepend());
    }

    /** The entry is in force without these; nobody is to believe that they do something. */
    private void reportWithoutEffect(String field, BgpAdvertisementSpec.Entry text, Optional<Subject> subject) {
        String type = text.advertisementType();
        boolean hasSelector = !(type.equals("PodCIDR") || type.equals("Interface"));
        if (subject.isPresent() && !hasSelector) {
            fields.without(field + ".selector", text.selector(), "nothing: " + type + " has no labels to select by");
        }
        if (subject.isPresent() && hasSelector && text.selector().isEmpty()) {
            fields.refuse(
                    field + ".selector", "nothing", "labels: without it nothing is selected, and {} is everything");
        }
        if (subject.isPresent() && !(subject.get() instanceof Subject.Services)) {
            fields.without(field + ".service", text.service(), "nothing: it is for the types Service and MeshService");
        }
        if (subject.isPresent() && !(subject.get() instanceof Subject.Interface)) {
            fields.without(field + ".interface", text.device(), "nothing: it is for the type Interface");
        }
    }
}
