namespace Analytics.Commands.ImportLog;

/// <summary>The service does not take what is sent, and would not take it in a minute.</summary>
sealed class ImportRefusedException(string message) : Exception(message);
