/** The {@code pbft} command. The contract that scripts rely on is each command's {@code --help}. */
package io.pbft.cli;
