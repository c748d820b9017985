// For the project's own tests: whoever attaches may be killed at any instant, and the target must
// not mind. OURO_TEST_KILL_AT=mmap ends this process by SIGKILL at the step of that name.
#pragma once

namespace ouro::python::attach {

void reached(const char* step);

}  // namespace ouro::python::attach
