// mlxir_transform: trace to trace, through the passes that mlxir-opt runs by name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/Call.h"

#include "compiler/Export.h"
#include "compiler/Import.h"
#include "dialect/AttributeNames.h"
#include "passes/Derivative.h"
#include "passes/Jvp.h"
#include "passes/Vjp.h"
#include "passes/Vmap.h"

#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlxir;

static constexpr char kFunction[] = "main";

/// "0,2" as numbers. False if something else is there.
static bool parseNumbers(StringRef text, SmallVectorImpl<int64_t> &numbers) {
  for (StringRef part : llvm::split(text, ','))
    if (!part.empty() && part.trim().getAsInteger(10, numbers.emplace_back()))
      return false;
  return true;
}

/// Which arguments or results the option names; all floats if it is not given.
static FailureOr<SmallVector<int64_t>> readPositions(func::FuncOp function, const OptionLines &options, StringRef key,
                                                     const char *what, TypeRange types) {
  SmallVector<int64_t> chosen;
  if (!parseNumbers(options.get(key), chosen))
    return function.emitError("expected numbers in the option ") << key << ", got " << options.get(key);
  return choosePositions(function, what, types, chosen);
}

static FailureOr<func::FuncOp> applyVjp(func::FuncOp main, const OptionLines &options) {
  auto wrt = readPositions(main, options, "wrt", "argument", main.getArgumentTypes());
  auto of = readPositions(main, options, "of", "result", main.getResultTypes());
  if (failed(wrt) || failed(of))
    return failure();
  return buildVjp(main, *wrt, *of);
}

static FailureOr<func::FuncOp> applyJvp(func::FuncOp main, const OptionLines &options) {
  auto wrt = readPositions(main, options, "wrt", "argument", main.getArgumentTypes());
  if (failed(wrt))
    return failure();
  return buildJvp(main, *wrt);
}

/// Flags may be written 0,1 or 01.
static FailureOr<func::FuncOp> applyVmap(func::FuncOp main, const OptionLines &options) {
  SmallVector<bool> batched;
  for (char c : options.get("batched"))
    if (c != ',')
      batched.push_back(c == '1');
  std::optional<Size> size = parseBatchSize(main.getContext(), options.get("size"));
  if (batched.size() != main.getNumArguments() || !size)
    return main.emitError("expected batched with 0 or 1 per input and size with a number or symbol, got '")
           << options.get("batched") << "' and '" << options.get("size") << "'";
  return buildVmap(main, batched, *size);
}

static FailureOr<func::FuncOp> applyTransform(func::FuncOp main, StringRef transform, const OptionLines &options) {
  if (transform == "vjp")
    return applyVjp(main, options);
  if (transform == "jvp")
    return applyJvp(main, options);
  if (transform == "vmap")
    return applyVmap(main, options);
  return main.emitError("expected a transform vjp, jvp or vmap, got ") << transform;
}

/// One byte per output: 1 if it has the batch dim.
static void sendBatched(Diagnostics &diagnostics, func::FuncOp function) {
  auto flags = function->getAttrOfType<DenseI64ArrayAttr>(kBatchedAttr);
  if (!flags)
    return;
  std::string bytes;
  for (int64_t flag : flags.asArrayRef())
    bytes.push_back(static_cast<char>(flag));
  diagnostics.send("batched", bytes);
}

static mlxir_status transform(const mlxir_host &host, StringRef name, StringRef optionText, const void *data,
                              size_t size) {
  static const CompileOptions kNoOptions;
  Call call(host, kNoOptions);
  Diagnostics &diagnostics = call.getDiagnostics();

  OptionLines options(optionText);
  std::string error;
  if (!options.check({"wrt", "of", "batched", "size"}, error)) {
    diagnostics.error(MLXIR_ERROR_INVALID, ("[" + name + "] " + error).str());
    return diagnostics.status();
  }
  OwningOpRef<ModuleOp> module = call.import(data, size, kFunction);
  if (!module)
    return call.failed();

  FailureOr<func::FuncOp> result;
  {
    Diagnostics::Collector collector(diagnostics, call.getContext(), MLXIR_ERROR_UNSUPPORTED);
    auto main = module->lookupSymbol<func::FuncOp>(kFunction);
    result = applyTransform(main, name, options);
    if (failed(result))
      return call.failed();
    main.erase();
  }
  PassManager passes(call.getContext());
  passes.addPass(createCSEPass());
  if (failed(diagnostics.run(passes, *module)))
    return call.failed();

  Diagnostics::Collector collector(diagnostics, call.getContext(), MLXIR_ERROR_INTERNAL);
  Trace trace;
  if (failed(exportTrace(*result, trace)))
    return call.failed();
  std::vector<uint8_t> bytes;
  writeTrace(trace, bytes);
  sendBatched(diagnostics, *result);
  diagnostics.send("trace", StringRef(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
  return MLXIR_OK;
}

MLXIR_EXPORT mlxir_status mlxir_transform(const mlxir_host *host, const char *name, const char *options,
                                          const void *trace, size_t size) {
  return runCall(host, [&] { return transform(*host, name, options, trace, size); });
}
