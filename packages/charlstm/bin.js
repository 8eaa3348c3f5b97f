#!/usr/bin/env node
import "@charlstm/cli/bin";
