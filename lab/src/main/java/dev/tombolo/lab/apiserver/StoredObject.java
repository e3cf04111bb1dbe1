package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** An object as it is stored; its version is etcd's modification revision. */
record StoredObject(ObjectNode object, long revision) {}
