package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One change of one object.
 *
 * @param before null when it was created
 * @param after null when it was deleted; {@code before} then is the last it was, with the revision of the deletion
 */
record Change(String resource, long revision, ObjectNode before, ObjectNode after) {
    ObjectNode latest() {
        return after == null ? before : after;
    }
}
