/**
 * PBFT and Raft under the same load, over the same transport, in turn: what tolerating a liar costs
 * in throughput, latency and processor time. Raft is the library MicroRaft; its wire format, its
 * log on disk, its executor and its client are of this package. Nothing here is fit for more than
 * that.
 */
package io.pbft.bench.sidebyside;
