#!/usr/bin/env node
// Not built, so that package managers find it before anything is.
import "./dist/bin.js";
