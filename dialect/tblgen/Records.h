// An op record as the backends see it: upstream's view of the op, and the fields of dialect/Families.td.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#ifndef MLXIR_DIALECT_TBLGEN_RECORDS_H
#define MLXIR_DIALECT_TBLGEN_RECORDS_H

#include "mlir/TableGen/Operator.h"
#include "llvm/TableGen/Record.h"

#include <string>
#include <vector>

namespace mlxir::tblgen {

class OpRecord {
public:
  explicit OpRecord(const llvm::Record &def) : op(def), def(def) {}

  mlir::tblgen::Operator op;
  const llvm::Record &def;

  std::string mnemonic() const;   // "tanh"
  std::string className() const;  // "TanhOp"
  std::string enumerator() const; // "Tanh"
  std::string text(llvm::StringRef field) const { return trimmed(def.getValueAsString(field)); }
  std::vector<std::string> texts(llvm::StringRef field) const;
  int64_t number(llvm::StringRef field) const { return def.getValueAsInt(field); }
  bool flag(llvm::StringRef field) const { return def.getValueAsBit(field); }
  bool isA(llvm::StringRef family) const { return def.isSubClassOf(family); }

  /// Type classes ("Float", ...) the op is defined for: those it has a scalar body for, or says it folds.
  std::vector<std::string> classes() const;
  /// Nothing to differentiate, or nothing to batch, and why; "" if a rule is due.
  std::string whyNoDerivative() const;
  std::string whyNoBatch() const;
  /// Docstring of the public function: summary, operands, result, example.
  std::string docstring() const;
  /// Fails if a rule or an example is due and missing.
  void check() const;
  /// The C++ file and line of a field's value, for a #line directive.
  std::string lineDirective(llvm::StringRef field) const;
  [[noreturn]] void fail(const llvm::Twine &message) const;

  static std::string trimmed(llvm::StringRef text);
};

/// A rule written in C++ beside the family.
inline constexpr const char *kInCpp = "C++";

/// Every record with a row in the op table, in the order of mnemonics.
std::vector<OpRecord> opRecords(const llvm::RecordKeeper &records);

/// The opening comment of a generated file.
std::string generatedNote(const char *what);

} // namespace mlxir::tblgen

#endif // MLXIR_DIALECT_TBLGEN_RECORDS_H
