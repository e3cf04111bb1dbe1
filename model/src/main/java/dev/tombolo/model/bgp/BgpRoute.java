package dev.tombolo.model.bgp;

import dev.tombolo.model.net.Prefix;

/** What one peer is told of one prefix. */
public record BgpRoute(Prefix prefix, PathAttributes attributes) {}
