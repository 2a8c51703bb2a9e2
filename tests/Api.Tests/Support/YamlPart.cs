using System.Globalization;

namespace Gongji.Api.Tests.Support;

/// <summary>A part of a YAML document. A missing part has no text, no keys and no items.</summary>
internal readonly record struct YamlPart(object? Value)
{
    public YamlPart this[string key] => new(Value is Dictionary<object, object?> map && map.TryGetValue(key, out object? value) ? value : null);

    /// <summary>The part at the end of a path of keys, such as <c>spec.template.spec</c>.</summary>
    public YamlPart At(string path) => path.Split('.').Aggregate(this, (part, key) => part[key]);

    public string? Text => Value as string;

    public int Number => int.Parse(Text ?? string.Empty, CultureInfo.InvariantCulture);

    public IReadOnlyList<string> Keys => Value is Dictionary<object, object?> map ? [.. map.Keys.Select(key => (string)key)] : [];

    public IReadOnlyList<YamlPart> Items => Value is List<object?> list ? [.. list.Select(item => new YamlPart(item))] : [];

    public IReadOnlyList<string> Texts => [.. Items.Select(item => item.Text ?? string.Empty)];

    /// <summary>A map of texts, such as labels, sorted.</summary>
    public string Pairs
    {
        get
        {
            YamlPart map = this;
            return string.Join(",", Keys.Order(StringComparer.Ordinal).Select(key => $"{key}={map[key].Text}"));
        }
    }
}
