namespace Gongji.Storage;

/// <summary>One numbered step of a schema.</summary>
/// <param name="Set">The set it belongs to: <c>Postgres</c>, <c>Sqlite</c> or <c>Orleans</c>.</param>
/// <param name="Number">From 1, gapless within its set.</param>
/// <param name="Name">What it does, from its file name.</param>
/// <param name="Sql">The statements.</param>
/// <param name="Checksum">SHA-256 of the text with LF line ends, in hex.</param>
internal sealed record Migration(string Set, int Number, string Name, string Sql, string Checksum);
