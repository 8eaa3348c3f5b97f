"use client";
import { useEffect, useState } from "react";
import { trainALittle } from "../train-in-page.js";

export function Training() {
  const [result, setResult] = useState("");
  useEffect(() => {
    trainALittle().then(
      (value) => setResult(JSON.stringify(value)),
      (error) => console.error(error),
    );
  }, []);
  return <pre id="result">{result}</pre>;
}
