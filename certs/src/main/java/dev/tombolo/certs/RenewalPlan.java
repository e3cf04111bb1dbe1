package dev.tombolo.certs;

import java.time.Duration;
import java.time.Instant;

/** When a certificate is made anew: at two thirds of its life, so that a third is left to notice what prevents it. */
public final class RenewalPlan {
    private RenewalPlan() {}

    public static Instant due(CertificateFacts certificate) {
        var life = Duration.between(certificate.notBefore(), certificate.notAfter());
        return certificate.notBefore().plus(life.multipliedBy(2).dividedBy(3));
    }

    public static boolean isDue(CertificateFacts certificate, Instant now) {
        return !now.isBefore(due(certificate));
    }

    /** How long to wait before looking again; zero if it is due. */
    public static Duration untilDue(CertificateFacts certificate, Instant now) {
        var left = Duration.between(now, due(certificate));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
