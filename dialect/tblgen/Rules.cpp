// -gen-rules: the methods that an op's interfaces declare and that its record states as formulas.
// -gen-exprs: one function per elementwise op over rules::Expr, in which those formulas are written.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/tblgen/Records.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace mlxir::tblgen;

/// Ends the lines that belong to a record.
static constexpr const char *kRestoreLine = "#restore";

//===----------------------------------------------------------------------===//
// Scalar bodies
//===----------------------------------------------------------------------===//

/// A body that is the name of an op stands for that op on all operands.
static std::string expression(const OpRecord &op, StringRef body) {
  bool isOpName = body.contains("::") && body.ends_with("Op") && !body.contains('(');
  if (!isOpName)
    return body.str();
  std::string call = formatv("apply<{0}>(", body);
  for (auto [i, operand] : enumerate(op.op.getOperands()))
    call += (i ? ", " : "") + operand.name.str();
  return call + ")";
}

/// An expression, or statements that return.
static std::string asFunctionBody(StringRef code) {
  return code.contains("return ") ? code.str() : "return " + code.str() + ";";
}

static void emitScalarCase(const OpRecord &op, const Record &body, raw_ostream &os) {
  std::vector<StringRef> classes = body.getValueAsListOfStrings("classes");
  bool isForAll = classes.size() == 4;
  if (!isForAll) {
    for (StringRef name : classes)
      os << "  case TypeClass::" << name << ":\n";
    os << "  {\n";
  }
  // What holds for all classes moves elements and does not compute: no reason to widen.
  os << "    rules::Scalars scalars(builder, loc, getOperation(), operands, element, /*widen=*/"
     << (isForAll ? "false" : "true") << ");\n"
     << "    return scalars.finish([&]() -> rules::Scalar {\n"
     << "      using namespace rules;\n";
  for (auto [i, operand] : enumerate(op.op.getOperands()))
    if (!operand.isVariadic())
      os << "      [[maybe_unused]] Scalar " << operand.name << " = scalars[" << i << "];\n";
  os << op.lineDirective("scalar");
  os << "      " << asFunctionBody(expression(op, OpRecord::trimmed(body.getValueAsString("body")))) << "\n"
     << kRestoreLine << "\n    }());\n";
  if (!isForAll)
    os << "  }\n";
}

static void emitScalar(const OpRecord &op, raw_ostream &os) {
  std::vector<const Record *> bodies = op.def.getValueAsListOfDefs("scalar");
  if (bodies.empty())
    return;
  os << formatv("::mlir::Value {0}::buildScalar(::mlir::OpBuilder &builder, ::mlir::Location loc,\n"
                "    ::mlir::ValueRange operands, ::mlir::ValueRange indices, ::mlir::Type element) {{\n",
                op.className());
  bool isForAll = bodies[0]->getValueAsListOfStrings("classes").size() == 4;
  if (!isForAll)
    os << "  switch (rules::bodyClass(getOperation())) {\n";
  for (const Record *body : bodies)
    emitScalarCase(op, *body, os);
  if (!isForAll)
    os << "  default:\n    llvm_unreachable(\"the verifier accepts only classes with a body\");\n  }\n";
  os << "}\n\n";
}

//===----------------------------------------------------------------------===//
// Folds
//===----------------------------------------------------------------------===//

/// Only an identity that names them needs the ends of the accumulator's type.
static std::string extremes(const OpRecord &op) {
  std::string text;
  for (StringRef name : {"lowest", "highest"})
    if (op.text("identity") == name)
      text += formatv("  rules::Scalar {0} = fold.{0}();\n", name);
  return text;
}

/// Placeholders: {0} class, {1} line and {2} text of the identity, {3} and {4} of the combination, {5} the ends of the
/// accumulator's type if the identity is one, {6} the end of a record's lines.
static constexpr const char *kFold = R"(
::llvm::SmallVector<int64_t> {0}::getReducedAxes() {{ return rules::sortedAxes(getAxes()); }
void {0}::getAccumulatorTypes(::llvm::SmallVectorImpl<::mlir::Type> &types) {{
  types.push_back(rules::accumulatorType(getX().getType()));
}
void {0}::buildIdentity(::mlir::OpBuilder &builder, ::mlir::Location loc,
    ::llvm::SmallVectorImpl<::mlir::Value> &accumulators) {{
  rules::Fold fold(builder, loc, getOperation());
{5}{1}  accumulators.push_back(fold.accumulator(rules::Scalar({2})));
{6}
}
void {0}::buildLift(::mlir::OpBuilder &builder, ::mlir::Location loc, ::mlir::Value x, ::mlir::Value,
    ::llvm::SmallVectorImpl<::mlir::Value> &accumulators) {{
  accumulators.push_back(rules::Fold(builder, loc, getOperation()).widened(x));
}
void {0}::buildCombine(::mlir::OpBuilder &builder, ::mlir::Location loc, ::mlir::ValueRange a, ::mlir::ValueRange b,
    ::llvm::SmallVectorImpl<::mlir::Value> &accumulators) {{
  rules::Fold fold(builder, loc, getOperation());
  rules::Scalar x = fold.scalar(a[0]), y = fold.scalar(b[0]);
{3}  accumulators.push_back(fold.accumulator({4}));
{6}
}
::mlir::Value {0}::buildFinish(::mlir::OpBuilder &builder, ::mlir::Location loc, ::mlir::ValueRange accumulators,
    ::mlir::Type element) {{
  return rules::Fold(builder, loc, getOperation()).narrowed(accumulators[0], element);
}

)";

/// As above, for a value and its position.
static constexpr const char *kArgFold = R"(
::llvm::SmallVector<int64_t> {0}::getReducedAxes() {{ return {{static_cast<int64_t>(getAxis())}; }
void {0}::getAccumulatorTypes(::llvm::SmallVectorImpl<::mlir::Type> &types) {{
  types.push_back(rules::accumulatorType(getX().getType()));
  types.push_back(rules::positionType(getContext()));
}
void {0}::buildIdentity(::mlir::OpBuilder &builder, ::mlir::Location loc,
    ::llvm::SmallVectorImpl<::mlir::Value> &accumulators) {{
  rules::Fold fold(builder, loc, getOperation());
{5}{1}  accumulators.push_back(fold.accumulator(rules::Scalar({2})));
{6}
  accumulators.push_back(fold.lastPosition());
}
void {0}::buildLift(::mlir::OpBuilder &builder, ::mlir::Location loc, ::mlir::Value x, ::mlir::Value index,
    ::llvm::SmallVectorImpl<::mlir::Value> &accumulators) {{
  rules::Fold fold(builder, loc, getOperation());
  accumulators.push_back(fold.widened(x));
  accumulators.push_back(fold.position(index));
}
void {0}::buildCombine(::mlir::OpBuilder &builder, ::mlir::Location loc, ::mlir::ValueRange a, ::mlir::ValueRange b,
    ::llvm::SmallVectorImpl<::mlir::Value> &accumulators) {{
  rules::Fold fold(builder, loc, getOperation());
  rules::Scalar x = fold.scalar(a[0]), y = fold.scalar(b[0]);
{3}  fold.choose({4}, a, b, accumulators);
{6}
}
::mlir::Value {0}::buildFinish(::mlir::OpBuilder &, ::mlir::Location, ::mlir::ValueRange accumulators, ::mlir::Type) {{
  return accumulators[1];
}

)";

static void emitFold(const OpRecord &op, raw_ostream &os) {
  bool isArg = op.isA("Mlxir_ArgReduceOp");
  if (!isArg && !op.isA("Mlxir_ReduceOp"))
    return;
  StringRef combination = isArg ? "beats" : "combine";
  os << formatv(isArg ? kArgFold : kFold, op.className(), op.lineDirective("identity"), op.text("identity"),
                op.lineDirective(combination), op.text(combination), extremes(op), kRestoreLine);
}

//===----------------------------------------------------------------------===//
// Derivatives and batching
//===----------------------------------------------------------------------===//

static constexpr const char *kVjpParameters =
    "(::mlir::OpBuilder &builder, ::mlir::ValueRange cotangents, ::llvm::ArrayRef<bool> wanted,\n"
    "    ::llvm::SmallVectorImpl<::mlir::Value> &gradients)";
static constexpr const char *kJvpParameters =
    "(::mlir::OpBuilder &builder, ::mlir::ValueRange tangents, ::llvm::SmallVectorImpl<::mlir::Value> &results)";

/// One function that holds the formulas of all operands: vjp asks for one of them, jvp for their sum.
static void emitFormulas(const OpRecord &op, const std::vector<std::string> &formulas, raw_ostream &os) {
  if (formulas.size() != static_cast<size_t>(op.op.getNumOperands()))
    op.fail("expected one vjp formula per operand");
  os << formatv("static rules::Expr differentiate{0}(unsigned operand, rules::Expr ct, rules::Expr result,\n"
                "    ::llvm::ArrayRef<rules::Expr> operands) {{\n  using namespace rules;\n",
                op.enumerator());
  for (auto [i, operand] : enumerate(op.op.getOperands()))
    os << "  [[maybe_unused]] Expr " << operand.name << " = operands[" << i << "];\n";
  os << "  switch (operand) {\n";
  for (auto [i, formula] : enumerate(formulas))
    os << "  case " << i << ":\n"
       << op.lineDirective("vjp") << "    return " << formula << ";\n"
       << kRestoreLine << "\n";
  os << "  default:\n    llvm_unreachable(\"no such operand\");\n  }\n}\n";
}

static void emitDerivatives(const OpRecord &op, raw_ostream &os) {
  std::vector<std::string> formulas = op.texts("vjp");
  std::string jvp = op.text("jvp");
  if (formulas.empty())
    return;
  bool hasFormulas = formulas[0] != kInCpp;
  if (hasFormulas) {
    emitFormulas(op, formulas, os);
    os << formatv("::llvm::LogicalResult {0}::vjp{1} {{\n  return rules::vjpElementwise(getOperation(), "
                  "differentiate{2}, builder, cotangents, wanted, gradients);\n}\n",
                  op.className(), kVjpParameters, op.enumerator());
  }
  if (jvp.empty() && hasFormulas)
    os << formatv("::llvm::LogicalResult {0}::jvp{1} {{\n  return rules::jvpElementwise(getOperation(), "
                  "differentiate{2}, builder, tangents, results);\n}\n",
                  op.className(), kJvpParameters, op.enumerator());
  else if (!jvp.empty() && jvp != kInCpp)
    os << formatv("::llvm::LogicalResult {0}::jvp{1} {{\n  return rules::{2}(getOperation(), builder, tangents, "
                  "results);\n}\n",
                  op.className(), kJvpParameters, jvp);
  os << "\n";
}

static void emitBatching(const OpRecord &op, raw_ostream &os) {
  std::string vmap = op.text("vmap");
  if (vmap.empty() || vmap == kInCpp)
    return;
  os << formatv("::llvm::LogicalResult {0}::vmap(::mlir::OpBuilder &builder, ::mlir::ValueRange operands,\n"
                "    ::llvm::ArrayRef<bool> batched, Size batch, ::llvm::SmallVectorImpl<::mlir::Value> &results) {{\n"
                "  return rules::{1}(getOperation(), builder, operands, batched, batch, results);\n}\n\n",
                op.className(), vmap);
}

static void emitInference(const OpRecord &op, raw_ostream &os) {
  if (op.flag("typedByResult"))
    return;
  // Upstream infers types that its own traits say are equal.
  if (!op.op.allResultTypesKnown())
    os << formatv(R"(
::llvm::LogicalResult {0}::inferReturnTypes(::mlir::MLIRContext *context, ::std::optional<::mlir::Location> loc,
    ::mlir::ValueRange operands, ::mlir::DictionaryAttr, ::mlir::OpaqueProperties properties, ::mlir::RegionRange,
    ::llvm::SmallVectorImpl<::mlir::Type> &results) {{
  return inferFromTable<{0}>(context, loc, operands, properties, results);
}
)",
                  op.className());
  // Types are verified by a trait, so there is nothing to refine.
  os << formatv(R"(
::llvm::LogicalResult {0}::refineReturnTypes(::mlir::MLIRContext *, ::std::optional<::mlir::Location>,
    ::mlir::ValueRange, ::mlir::DictionaryAttr, ::mlir::OpaqueProperties, ::mlir::RegionRange,
    ::llvm::SmallVectorImpl<::mlir::Type> &) {{
  return ::llvm::success();
}

)",
                op.className());
}

/// Formulas are lines of their record, so that a compiler's errors point there; after each, the count goes on in
/// `file`.
static std::string withLinesRestored(StringRef text, StringRef file) {
  std::string result;
  unsigned next = 1; // number of the line after `line`
  for (StringRef line : split(text, '\n')) {
    ++next;
    result += (line == kRestoreLine ? formatv("#line {0} \"{1}\"", next, file).str() : line.str()) + "\n";
  }
  return result;
}

static bool emitRules(const RecordKeeper &records, raw_ostream &output) {
  std::string text;
  raw_string_ostream os(text);
  os << generatedNote("The rules that op records state as formulas.");
  os << "namespace mlxir {\nusing namespace mlir;\n\n";
  for (const OpRecord &op : opRecords(records)) {
    emitInference(op, os);
    emitScalar(op, os);
    emitFold(op, os);
    emitDerivatives(op, os);
    emitBatching(op, os);
  }
  os << "} // namespace mlxir\n";
  output << withLinesRestored(text, sys::path::stem(records.getInputFilename()).str() + ".rules.inc");
  return false;
}

//===----------------------------------------------------------------------===//
// The vocabulary of formulas
//===----------------------------------------------------------------------===//

static bool emitExprs(const RecordKeeper &records, raw_ostream &os) {
  os << generatedNote("Elementwise ops as functions over rules::Expr.");
  os << "namespace mlxir::rules {\n";
  for (const OpRecord &op : opRecords(records)) {
    if (!op.isA("Mlxir_ElementwiseOp") || op.flag("typedByResult"))
      continue;
    std::string parameters, arguments;
    for (auto [i, operand] : enumerate(op.op.getOperands())) {
      parameters += (i ? ", Expr " : "Expr ") + operand.name.str();
      arguments += (i ? ", " : "") + operand.name.str();
    }
    os << formatv("inline Expr {0}({1}) {{ return build<{2}>({{{3}}); }\n", op.mnemonic(), parameters, op.className(),
                  arguments);
  }
  os << "} // namespace mlxir::rules\n";
  return false;
}

static mlir::GenRegistration rulesBackend("gen-rules", "Generate the rules that records state", emitRules);
static mlir::GenRegistration exprsBackend("gen-exprs", "Generate elementwise ops as functions", emitExprs);
