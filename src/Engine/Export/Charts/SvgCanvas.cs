using System.Globalization;
using System.Text;
using System.Xml;

namespace MedGenCluster.Engine.Export.Charts;

internal enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>Writes one SVG document: escaped, with invariant numbers and fixed line ends, hence the same bytes for the same drawing.</summary>
internal sealed class SvgCanvas : IDisposable
{
    private readonly StringWriter _text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
    private readonly XmlWriter _xml;

    /// <summary>Starts a drawing with a ground, and a title and description for those who cannot see it.</summary>
    public SvgCanvas(double width, double height, string title, string description)
    {
        _xml = XmlWriter.Create(_text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, IndentChars = " ", NewLineChars = "\n" });
        _xml.WriteStartElement("svg", "http://www.w3.org/2000/svg");
        Attribute("viewBox", $"0 0 {Number(width)} {Number(height)}");
        Attribute("width", width);
        Attribute("height", height);
        Attribute("role", "img");
        Attribute("font-family", ChartStyle.Font);
        _xml.WriteElementString("title", Clean(title));
        _xml.WriteElementString("desc", Clean(description));
        Open("rect");
        Attribute("x", 0.5);
        Attribute("y", 0.5);
        Attribute("width", width - 1);
        Attribute("height", height - 1);
        Attribute("rx", 6);
        Attribute("fill", ChartStyle.Ground);
        Attribute("stroke", ChartStyle.Edge);
        _xml.WriteEndElement();
    }

    public void Rect(double x, double y, double width, double height, string fill, string? tooltip = null)
    {
        Open("rect");
        Attribute("x", x);
        Attribute("y", y);
        Attribute("width", Math.Max(0, width));
        Attribute("height", Math.Max(0, height));
        Attribute("fill", fill);
        if (tooltip is not null)
            _xml.WriteElementString("title", Clean(tooltip));
        _xml.WriteEndElement();
    }

    public void Line(double x1, double y1, double x2, double y2, string stroke, double width = 1, string? dash = null)
    {
        Open("line");
        Attribute("x1", x1);
        Attribute("y1", y1);
        Attribute("x2", x2);
        Attribute("y2", y2);
        Attribute("stroke", stroke);
        Attribute("stroke-width", width);
        if (dash is not null)
            Attribute("stroke-dasharray", dash);
        _xml.WriteEndElement();
    }

    /// <param name="y">Base line.</param>
    /// <param name="turned">Turned a quarter to the left about its anchor, as the label of a vertical axis.</param>
    public void Text(
        double x, double y, string text, Anchor anchor = Anchor.Start, double size = ChartStyle.TextSize, string fill = ChartStyle.Ink, bool bold = false,
        bool turned = false, string? tooltip = null)
    {
        Open("text");
        Attribute("x", x);
        Attribute("y", y);
        Attribute("font-size", size);
        Attribute("fill", fill);
        if (anchor != Anchor.Start)
            Attribute("text-anchor", anchor == Anchor.Middle ? "middle" : "end");
        if (bold)
            Attribute("font-weight", "600");
        if (turned)
            Attribute("transform", $"rotate(-90 {Number(x)} {Number(y)})");
        if (tooltip is not null)
            _xml.WriteElementString("title", Clean(tooltip));
        _xml.WriteString(Clean(text));
        _xml.WriteEndElement();
    }

    /// <summary>Ends the drawing.</summary>
    public string Finish()
    {
        _xml.WriteEndElement();
        _xml.Flush();
        return _text + "\n";
    }

    public void Dispose()
    {
        _xml.Dispose();
        _text.Dispose();
    }

    /// <summary>Text without what XML 1.0 cannot hold: control characters and halves of surrogate pairs become U+FFFD, white space one space.</summary>
    internal static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
                clean.Append(' ');
            else if (Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF)
                clean.Append('\uFFFD');
            else
                clean.Append(rune.ToString());
        }

        return clean.ToString();
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private void Open(string element) => _xml.WriteStartElement(element, "http://www.w3.org/2000/svg");

    private void Attribute(string name, string value) => _xml.WriteAttributeString(name, value);

    private void Attribute(string name, double value) => Attribute(name, Number(value));
}
