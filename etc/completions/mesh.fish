function __mesh_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] complete -- $words[2..-1] 2>/dev/null
end
complete -c mesh -n 'test (count (__mesh_complete)) -gt 0' -f -a '(__mesh_complete)'
