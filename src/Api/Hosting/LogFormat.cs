namespace Gongji.Api.Hosting;

/// <summary>The format of the log.</summary>
internal enum LogFormat
{
    /// <summary>One line per message, for people.</summary>
    Text,

    /// <summary>One JSON object per line, for programs.</summary>
    Json,
}
