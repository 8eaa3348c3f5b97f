// What tfjs-layers calls and a plain import of tfjs-core lacks: gradients and chained tensor methods. The bundler inlines these
// two modules (see tsup.config.ts), since the core's package does not export them for Node.
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
