/** {@code pbft kv DIR shell}: commands in, answers out, many operations in flight between them. */
package io.pbft.cli.shell;
