# A release fills in version and sums and puts the result beside its programs.
class Mesh < Formula
  desc "Lets AI agents on different machines reach each other"
  homepage "https://github.com/openclaw/mesh"
  version "@VERSION@"
  license "MIT"

  on_macos do
    on_arm do
      url "https://github.com/openclaw/mesh/releases/download/v@VERSION@/mesh-aarch64-apple-darwin"
      sha256 "@SHA256:mesh-aarch64-apple-darwin@"
    end
    on_intel do
      url "https://github.com/openclaw/mesh/releases/download/v@VERSION@/mesh-x86_64-apple-darwin"
      sha256 "@SHA256:mesh-x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/openclaw/mesh/releases/download/v@VERSION@/mesh-aarch64-unknown-linux-gnu"
      sha256 "@SHA256:mesh-aarch64-unknown-linux-gnu@"
    end
    on_intel do
      url "https://github.com/openclaw/mesh/releases/download/v@VERSION@/mesh-x86_64-unknown-linux-gnu"
      sha256 "@SHA256:mesh-x86_64-unknown-linux-gnu@"
    end
  end

  def install
    bin.install Dir["mesh-*"].first => "mesh"
    generate_completions_from_executable(bin/"mesh", "completion", shells: [:bash, :zsh, :fish, :pwsh])
  end

  service do
    run [opt_bin/"mesh", "up"]
    keep_alive crashed: true
    log_path var/"log/mesh.log"
    error_log_path var/"log/mesh.log"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/mesh --version")
    state = testpath/"state"
    system bin/"mesh", "init", "--state-dir", state, "--agent-id", "brew", "--endpoint", "http://127.0.0.1:8787"
    assert_match "brew", shell_output("#{bin}/mesh discovery --state-dir #{state} --json")
  end
end
