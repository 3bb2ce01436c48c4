"""session-replay for Conan 2: `conan create packaging/conan`. cargo has to be on the PATH."""
import os

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rm, rmdir

SOURCES = ["CMakeLists.txt", "Cargo.toml", "Cargo.lock", "build.rs", "cbindgen.toml", "LICENSE",
           "THIRD-PARTY-NOTICES.txt", "README.md", "src/*",
           "include/*", "cmake/*", "viewer/Cargo.toml", "viewer/build.rs", "viewer/src/*"]


class SessionReplay(ConanFile):
    name = "session-replay"
    description = "Session replay for native software, delivered to Amplitude"
    license = "MIT"
    homepage = url = "https://github.com/session-replay/session-replay"
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False]}
    default_options = {"shared": True}

    @property
    def _project(self):
        return os.path.join(self.recipe_folder, "..", "..")

    def set_version(self):
        lines = load(self, os.path.join(self._project, "Cargo.toml")).splitlines()
        self.version = next(line for line in lines if line.startswith("version = ")).split('"')[1]

    def export_sources(self):
        for pattern in SOURCES:
            copy(self, pattern, self._project, self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["SESSION_REPLAY_INSTALL"] = True
        profile = self.conf.get("user.session_replay:cargo_profile")
        if profile:
            toolchain.cache_variables["SESSION_REPLAY_PROFILE"] = profile
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        for notice in ["LICENSE", "THIRD-PARTY-NOTICES.txt"]:
            copy(self, notice, self.source_folder, os.path.join(self.package_folder, "licenses"))
        # Conan's generators describe the package to CMake and pkg-config themselves.
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))
        library = os.path.join(self.package_folder, "lib")
        for pattern in ["*.a", "session_replay.lib"] if self.options.shared else ["*.so*", "*.dylib", "*.dll.*"]:
            rm(self, pattern, library)

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "SessionReplay")
        self.cpp_info.set_property("cmake_target_name", "SessionReplay::SessionReplay")
        self.cpp_info.set_property("pkg_config_name", "session_replay")
        self.cpp_info.libs = ["session_replay.dll" if self.options.shared and self.settings.os == "Windows"
                              else "session_replay"]
        if self.options.shared:
            if self.settings.os == "Windows":
                self.cpp_info.defines = ["SR_DLL"]
            return
        if self.settings.os == "Windows":
            self.cpp_info.system_libs = ["advapi32", "bcrypt", "crypt32", "dbghelp", "kernel32",
                                         "ntdll", "secur32", "synchronization", "userenv", "ws2_32"]
        elif self.settings.os == "Macos":
            self.cpp_info.frameworks = ["Security", "CoreFoundation", "SystemConfiguration"]
            self.cpp_info.system_libs = ["iconv"]
        else:
            self.cpp_info.system_libs = ["util", "rt", "pthread", "m", "dl", "c"]
