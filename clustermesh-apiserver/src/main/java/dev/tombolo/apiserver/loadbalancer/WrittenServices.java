package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes addresses into Services, and remembers what was written until it is read: what is decided before that is decided
 * with it. No address is written into one Service while another that is to lose it still has it. Used by one thread.
 */
final class WrittenServices {
    /** Until it is asked whether what was written is there still: somebody may have made it look as before. */
    private static final Duration TRUSTED = Duration.ofSeconds(15);

    private final LoadBalancerController.Reports reports;
    private final Clock clock;
    private final Map<ObjectKey, Written> written = new HashMap<>();

    /**
     * @param row what was read when it was written; whatever is read after that knows of it
     * @param now what it has become
     * @param known when that was last true
     */
    private record Written(KubeService row, KubeService now, Instant known) {}

    WrittenServices(LoadBalancerController.Reports reports, Clock clock) {
        this.reports = reports;
        this.clock = clock;
    }

    /** Somebody else may write now. */
    void forget() {
        written.clear();
    }

    /** The services as they are, to the best of our knowledge. */
    Collection<KubeService> merged(Collection<KubeService> rows) throws IOException {
        var merged = new ArrayList<KubeService>();
        var unread = new HashMap<ObjectKey, Written>();
        for (var row : rows) {
            var last = written.get(row.key());
            if (last != null && last.row() == row && isStillSo(last)) {
                unread.put(row.key(), written.get(row.key()));
                merged.add(last.now());
            } else {
                merged.add(row);
            }
        }
        written.clear();
        written.putAll(unread);
        return merged;
    }

    private boolean isStillSo(Written last) throws IOException {
        Instant now = clock.instant();
        if (now.isBefore(last.known().plus(TRUSTED))) {
            return true;
        }
        written.put(last.now().key(), new Written(last.row(), last.now(), now));
        return reports.isAsRead(last.now());
    }

    void write(List<ServiceChange> changes) throws IOException {
        var failures = new ArrayList<IOException>();
        var occupied = new HashSet<IpAddress>();
        var current = new ArrayList<ServiceChange>();
        for (var change : changes) {
            current.add(change.lost().isEmpty() ? change : take(change, occupied, failures));
        }
        current.stream()
                .filter(change -> !change.isNone() && Collections.disjoint(change.gained(), occupied))
                .forEach(change -> attempt(change, failures));
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    /** What is left to do after what it is to lose was taken. */
    private ServiceChange take(ServiceChange change, Set<IpAddress> occupied, List<IOException> failures) {
        var taking = change.onlyTaking();
        if (!attempt(taking, failures)) {
            occupied.addAll(change.lost());
            // Not once more in this pass: what is known of it is out of date, or the API does not answer.
            return new ServiceChange(
                    change.service(),
                    change.service().loadBalancerIps(),
                    change.service().loadBalancing().condition());
        }
        return new ServiceChange(
                change.service().with(taking.addresses(), taking.condition()), change.addresses(), change.condition());
    }

    private boolean attempt(ServiceChange change, List<IOException> failures) {
        try {
            var service = change.service();
            boolean done = reports.addresses(service, change.addresses(), change.condition());
            if (done) {
                remember(service, service.with(change.addresses(), change.condition()));
            }
            return done;
        } catch (IOException failure) {
            failures.add(failure);
            return false;
        }
    }

    private void remember(KubeService before, KubeService now) {
        written.compute(now.key(), (_, last) -> new Written(last == null ? before : last.row(), now, clock.instant()));
    }
}
