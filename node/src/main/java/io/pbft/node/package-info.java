/**
 * The composition root: a replica or a client of a cluster, from the cluster's configuration.
 * {@link io.pbft.node.PbftReplica} and {@link io.pbft.node.PbftClients} are what an application
 * embeds; {@link io.pbft.node.ClusterConfig} is the file they share, {@link
 * io.pbft.node.ClusterInit} makes it.
 */
package io.pbft.node;
