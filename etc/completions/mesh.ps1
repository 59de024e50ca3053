Register-ArgumentCompleter -Native -CommandName mesh -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($wordToComplete -eq '') { $words += '' }
  mesh complete -- @words 2>$null | ForEach-Object {
    $name, $brief = $_ -split "`t", 2
    if (-not $brief) { $brief = $name }
    [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $brief)
  }
}
