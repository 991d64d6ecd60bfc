# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Writes LIBRARY.id: one line that changes with the library's contents and with
# the LLVM below it. Usage: cmake -DLIBRARY=file -DLLVM=version -P this-file

file(SHA256 ${LIBRARY} hash)
file(WRITE ${LIBRARY}.id "${hash} llvm-${LLVM}\n")
