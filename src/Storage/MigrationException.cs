namespace Gongji.Storage;

/// <summary>The schema is not the one that this program needs, nor can it be brought there; says which migration and what to do.</summary>
public sealed class MigrationException(string message) : Exception(message);
