package dev.tombolo.kube.object;

import dev.tombolo.model.bgp.BgpPeer.Password;
import java.util.Optional;

/**
 * A Secret that a peer's password was looked for in.
 *
 * @param password empty where there is no such Secret, or no key {@code password} in it
 */
public record BgpSecret(String name, Optional<Password> password) {}
