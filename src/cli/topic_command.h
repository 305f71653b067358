/* `weir topic`: what kcat does, for the embedded log and for Kafka. */
#pragma once

int weir_topic_command(int argc, char **argv);
