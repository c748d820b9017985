// The clone of the target, in which the walker works.
#pragma once

namespace ouro::python::agent {

/// 0 in the child, its number in the parent. No exit signal and no handlers of fork: the target's
/// program, its libraries and os.wait() see nothing of the child.
long clone_process();

/// In the child: a process that can do nothing but write to `fd`. It holds none of the target's
/// files, runs none of its signal handlers, leaves no core file, and is what the kernel ends first
/// where memory runs out.
void become_child(int fd);

/// Until the child has ended.
void wait_for(int child);

}  // namespace ouro::python::agent
