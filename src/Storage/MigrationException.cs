namespace Gongji.Storage;

/// <summary>The schema cannot be brought up to date; says which migration and what to do.</summary>
public sealed class MigrationException(string message) : Exception(message);
