// Of the static command alone: it loads no libraries. SQLite (extensions) and ncurses (the mouse of
// Linux consoles) would, if asked to; the C library's dlopen() needs files of the very version it
// was linked with, which other systems do not have.
#ifdef OURO_STATIC_COMMAND

extern "C" {

void* dlopen(const char*, int) {
  return nullptr;
}
void* dlsym(void*, const char*) {
  return nullptr;
}
int dlclose(void*) {
  return 0;
}
char* dlerror() {
  static char reason[] = "this program is static and loads no libraries";
  return reason;
}

}  // extern "C"

#endif
