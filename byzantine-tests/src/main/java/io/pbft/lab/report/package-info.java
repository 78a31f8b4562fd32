/**
 * What happened in a run of the lab, as one self-contained HTML file: {@link
 * io.pbft.lab.report.RunRecorder} listens, {@link io.pbft.lab.report.RunRecord} is what it heard,
 * the writers tell it. Times are virtual microseconds since the start of the run.
 */
package io.pbft.lab.report;
