-- Turns an executed notebook into a report, the same way for every format.
--
-- Drops code, printed text and plain values; turns HTML tables into native ones (colours, alignment, widths);
-- numbers figures and tables; keeps to the conventions that vitality/report/display.py documents.
-- Metadata read: lang, notices, word-table, word-figure, published-from (number of the first published output).

local stringify = pandoc.utils.stringify
local typst, docx, html = FORMAT:match "typst", FORMAT:match "docx", FORMAT:match "html"
local lang, words = "zh", { table = "表", figure = "图" }
local counts = { table = 0, figure = 0 }

-- ------------------------------------------------------------------ letters

local function is_wide(code)
  return (code >= 0x1100 and code <= 0x115F) or (code >= 0x2E80 and code <= 0xA4CF)
    or (code >= 0xAC00 and code <= 0xD7A3) or (code >= 0xF900 and code <= 0xFAFF)
    or (code >= 0xFE30 and code <= 0xFE6F) or (code >= 0xFF00 and code <= 0xFF60)
    or (code >= 0xFFE0 and code <= 0xFFE6) or code >= 0x20000
end

local function codes_of(text)
  local ok, found = pcall(function()
    local codes = {}
    for _, code in utf8.codes(text) do codes[#codes + 1] = code end
    return codes
  end)
  return ok and found or {}
end

-- Width of a Latin letter in half letters: our sans serif in the PDF, Times in Word.
local LATIN = docx and 1.05 or 1.1

-- Width of a whole text and of its longest part that cannot be broken, in half letters.
local function measure(text)
  if text:match "^[%w%p]*$" then return #text * LATIN, #text * LATIN end
  local whole, part, longest = 0, 0, 0
  for _, code in ipairs(codes_of(text)) do
    if is_wide(code) then
      whole, part = whole + 2, 0
      longest = math.max(longest, 2)
    else
      whole = whole + LATIN
      part = (code == 32 or code == 47) and 0 or part + LATIN
      longest = math.max(longest, part)
    end
  end
  return whole, longest
end

-- A line end between two Chinese letters is no space.
local function join_chinese_lines(inlines)
  for place = #inlines - 1, 2, -1 do
    if inlines[place].t == "SoftBreak" then
      local before, after = codes_of(stringify(inlines[place - 1])), codes_of(stringify(inlines[place + 1]))
      if #before > 0 and #after > 0 and is_wide(before[#before]) and is_wide(after[1]) then
        inlines:remove(place)
      end
    end
  end
  return inlines
end

-- ------------------------------------------------------------------ numbered captions

local function numbered(kind, blocks)
  counts[kind] = counts[kind] + 1
  local gap = lang == "zh" and "\u{3000}" or ". "
  local number = pandoc.Str(words[kind] .. " " .. counts[kind] .. gap)
  if #blocks == 0 then return pandoc.Blocks { pandoc.Plain { number } } end
  local first = blocks[1].content:clone()
  first:insert(1, number)
  local rest = blocks:clone()
  rest[1] = pandoc.Plain(first)
  return rest
end

-- ------------------------------------------------------------------ figures

local function figure(image)
  local caption = image.attributes.caption or stringify(image.caption)
  local alt = image.attributes.alt or caption
  local width = tonumber(image.attributes.width)
  -- 660 points of the screen are the full width of the text
  local share = width and math.min(100, math.max(35, math.floor(width / 6.6 + 0.5))) or 100
  local height = tonumber(image.attributes.height)
  if width and height and not html then
    -- picture and caption stay on one page: 200 of 225 mm, on a text width of 156 mm
    share = math.min(share, math.floor(20000 / (156 * height / width)))
  end
  local attributes = { width = share .. "%", alt = alt }
  local picture = pandoc.Image({ pandoc.Str(alt) }, image.src, "", { "", {}, attributes })
  if typst then
    local text = alt:gsub("[\\\"]", "\\%0"):gsub("%s+", " ")
    picture = pandoc.RawInline("typst", string.format('#image("%s", width: %d%%, alt: "%s")', image.src, share, text))
  end
  local text = caption ~= "" and pandoc.Blocks { pandoc.Plain { pandoc.Str(caption) } } or pandoc.Blocks {}
  if caption == "" then
    return pandoc.Div({ pandoc.Para { picture } }, { "", { "figure" }, { ["custom-style"] = "Captioned Figure" } })
  end
  return pandoc.Figure({ pandoc.Plain { picture } }, { long = numbered("figure", text) })
end

-- ------------------------------------------------------------------ tables

local function style_of(attr, rules)
  local style = (rules[attr.identifier] or "") .. ";" .. (attr.attributes.style or "")
  local found = {}
  for name, value in style:gmatch "([%w-]+)%s*:%s*([^;]+)" do found[name:lower()] = value:gsub("%s+$", "") end
  return found
end

-- Rules of a <style> block that name single cells, as a pandas Styler writes them.
local function rules_of(text)
  local rules = {}
  for block in text:gmatch "<style[^>]*>(.-)</style>" do
    for selectors, body in block:gmatch "([^{}]+){([^{}]*)}" do
      for selector in selectors:gmatch "[^,]+" do
        local id = selector:match "^%s*#([%w_%-]+)%s*$"
        if id then rules[id] = (rules[id] or "") .. ";" .. body end
      end
    end
  end
  return rules
end

local function colour(text)
  if not text then return nil end
  local short = text:match "^#(%x%x%x)$"
  if short then return "#" .. short:gsub("%x", "%0%0") end
  local red, green, blue = text:match "^rgba?%((%d+)[,%s]+(%d+)[,%s]+(%d+)"
  if red then return string.format("#%02x%02x%02x", red, green, blue) end
  return text:match "^#%x%x%x%x%x%x$"
end

local ALIGN = { right = "AlignRight", center = "AlignCenter", left = "AlignLeft" }

local function dress(cell, rules)
  local style = style_of(cell.attr, rules)
  local fill, ink = colour(style["background-color"] or style["background"]), colour(style["color"])
  local alignment = style["text-align"]
  if alignment and ALIGN[alignment] then cell.alignment = ALIGN[alignment] end
  local attributes = {}
  if fill and html then
    attributes.style = "background-color: " .. fill .. (ink and "; color: " .. ink or "")
  elseif fill and typst then
    attributes["typst:fill"] = 'rgb("' .. fill .. '")'
    if ink then attributes["typst:text:fill"] = 'rgb("' .. ink .. '")' end
  end
  cell.attr = pandoc.Attr("", {}, attributes)
  if style["font-weight"] == "bold" then
    cell.contents = cell.contents:walk { Plain = function(p) return pandoc.Plain { pandoc.Strong(p.content) } end }
  end
  return fill and { fill = fill, ink = ink } or nil
end

local function each_row(grid, act)
  for _, row in ipairs(grid.head.rows) do act(row, true) end
  for _, body in ipairs(grid.bodies) do
    for _, row in ipairs(body.head) do act(row, true) end
    for _, row in ipairs(body.body) do act(row, false) end
  end
  for _, row in ipairs(grid.foot.rows) do act(row, false) end
end

-- What each column needs: its longest line, its longest part that cannot be broken; and the width of every cell.
local function needs(grid)
  local most, least, lines = {}, {}, {}
  each_row(grid, function(row, head)
    local widths = {}
    for place, cell in ipairs(row.cells) do
      if cell.col_span == 1 then
        local whole, part = measure(stringify(cell.contents))
        if head then whole, part = whole * 1.06, part * 1.06 end
        widths[place] = whole
        -- a long heading over short cells may take two or three lines
        if head and whole > 14 then whole = math.max(11, whole / 2 + 1) end
        most[place] = math.max(most[place] or 2, whole, part)
        least[place] = math.max(least[place] or 2, part)
      end
    end
    lines[#lines + 1] = widths
  end)
  for place = 1, #grid.colspecs do most[place], least[place] = most[place] or 2, least[place] or 2 end
  return most, least, lines
end

-- Points of the page: text width upright and turned, sizes to try and the padding of a cell at each.
local PAGE = {
  typst = { upright = 440, turned = 680, sizes = { 9.5, 8.5, 7.5, 6.8 }, padding = { 11.5, 11.5, 7.5, 7.5 } },
  docx = { upright = 440, turned = 686, sizes = { 10.5, 9, 7.5 }, padding = { 10.5, 10.5, 6.5 } },
}

local function total(values)
  local sum = 0
  for _, value in ipairs(values) do sum = sum + value end
  return sum
end

-- Widths of the columns in half letters when `room` of them are there.
local function share_out(most, least, room)
  if total(most) <= room then return most end
  -- first what cannot be broken, then what is left by the square root of what is missing
  local widths, missing, spare = {}, {}, room
  for place = 1, #most do
    widths[place] = math.max(least[place], math.min(most[place], 6))
    spare = spare - widths[place]
    missing[place] = math.sqrt(math.max(most[place] - widths[place], 0))
  end
  local lack = math.max(total(missing), 1e-9)
  for place = 1, #most do
    local more = math.max(spare, 0) * missing[place] / lack
    widths[place] = math.min(widths[place] + more, math.max(most[place], widths[place]))
  end
  local rest, filled = room - total(widths), 0
  for place = 1, #most do
    if widths[place] < most[place] then filled = filled + most[place] - widths[place] end
  end
  if rest > 0 and filled > 0 then
    for place = 1, #most do
      if widths[place] < most[place] then
        widths[place] = widths[place] + rest * (most[place] - widths[place]) / filled
      end
    end
  end
  return widths
end

-- Mean number of lines of a row.
local function mean_lines(lines, widths)
  local sum = 0
  for _, row in ipairs(lines) do
    local high = 1
    for place, whole in pairs(row) do high = math.max(high, math.ceil(whole / widths[place] - 0.02)) end
    sum = sum + high
  end
  return sum / math.max(#lines, 1)
end

-- Choose the size of the letters (1 = largest), whether to turn the page, and the share of each column: the largest
-- size at which nothing is squeezed and rows stay short; the smallest size and a turned page only when they must be.
local function fit(most, least, lines, page)
  local columns, comfort = #most, 0
  for place = 1, columns do comfort = comfort + math.max(least[place], math.min(most[place], 9)) end
  local function try(step, where)
    local size = page.sizes[step] / 2
    local room = (page[where] - columns * page.padding[step]) / size
    return { step = step, where = where, room = room, size = size, padding = page.padding[step] }
  end
  local chosen
  for step = 1, #page.sizes do
    local upright = try(step, "upright")
    -- for short rows one size smaller is enough; the tiny sizes are for tables that would not fit at all
    if comfort <= upright.room and (not chosen or step <= 2) then
      chosen = upright
      if mean_lines(lines, share_out(most, least, upright.room)) <= 2.3 then break end
    end
  end
  for step = 1, #page.sizes do
    local turned = try(step, "turned")
    if not chosen and (comfort <= turned.room or step == #page.sizes) then chosen = turned end
  end
  local width = page[chosen.where]
  local widths, shares = share_out(most, least, chosen.room), {}
  for place = 1, columns do shares[place] = (widths[place] * chosen.size + chosen.padding) / width end
  local sum = total(shares)
  if sum > 1 then for place = 1, columns do shares[place] = shares[place] / sum end end
  return chosen.step, chosen.where == "turned", shares
end

local function align_columns(grid)
  local seen = {}
  each_row(grid, function(row, head)
    if head then return end
    for place, cell in ipairs(row.cells) do
      if cell.alignment ~= "AlignDefault" then
        seen[place] = (seen[place] == nil or seen[place] == cell.alignment) and cell.alignment or false
      end
    end
  end)
  for place, spec in ipairs(grid.colspecs) do
    if seen[place] then grid.colspecs[place] = { seen[place], spec[2] } end
  end
end

local TABLE_TEXT = { "Table Text", "Table Text Small", "Table Text Tiny" }

-- In Word the size of the letters is a paragraph style, and a shade travels as a mark that word.py turns into shading.
local function word_mark(cell, shade)
  local mark = "\u{E000}" .. shade.fill:sub(2) .. (shade.ink and "/" .. shade.ink:sub(2) or "") .. "\u{E001}"
  local first = cell.contents[1] or pandoc.Plain {}
  if first.t == "Plain" or first.t == "Para" then
    first.content:insert(1, pandoc.Str(mark))
    cell.contents[1] = first
  end
end

local function word_style(cell, step, head)
  local name = TABLE_TEXT[step] .. (head and " Head" or "")
  local paragraphs = cell.contents:walk { Plain = function(plain) return pandoc.Para(plain.content) end }
  if #paragraphs == 0 then paragraphs = pandoc.Blocks { pandoc.Para {} } end
  cell.contents = pandoc.Blocks { pandoc.Div(paragraphs, { "", {}, { ["custom-style"] = name } }) }
end

-- Change every cell of a table; act gets the cell and whether it is a heading.
local function change_cells(grid, act)
  local function change(rows, head)
    for place, row in ipairs(rows) do
      row.attr = pandoc.Attr()
      for at, cell in ipairs(row.cells) do
        act(cell, head)
        row.cells[at] = cell
      end
      rows[place] = row
    end
    return rows
  end
  grid.head.attr, grid.head.rows = pandoc.Attr(), change(grid.head.rows, true)
  for place, body in ipairs(grid.bodies) do
    body.attr, body.head, body.body = pandoc.Attr(), change(body.head, true), change(body.body, false)
    grid.bodies[place] = body
  end
  grid.foot.rows = change(grid.foot.rows, false)
end

local function set_widths(grid, widths)
  for place, spec in ipairs(grid.colspecs) do grid.colspecs[place] = { spec[1], widths and widths[place] or nil } end
end

-- On a screen a wide table scrolls inside its frame; a column of text is never squeezed to one letter a line.
local function keep_columns_readable(grid, most)
  local done = false
  local rows = grid.head.rows
  for at, row in ipairs(rows) do
    if not done and #row.cells == #most then
      for place, cell in ipairs(row.cells) do
        local letters = most[place] / 2
        local width = letters <= 10 and letters + 1.4 or 10
        local style = cell.attributes.style
        cell.attributes.style = (style and style .. "; " or "") .. string.format("min-width: %.1fem", width)
        row.cells[place] = cell
      end
      rows[at], done = row, true
    end
  end
  grid.head.rows = rows
end

local function table_blocks(grid, rules)
  local shades, at = {}, 0
  change_cells(grid, function(cell)
    at = at + 1
    shades[at] = dress(cell, rules)
  end)
  align_columns(grid)
  if stringify(grid.caption.long) ~= "" then grid.caption.long = numbered("table", grid.caption.long) end
  grid.attr = pandoc.Attr("", { "report" })
  local most, least, lines = needs(grid)
  if html then
    set_widths(grid, nil)
    keep_columns_readable(grid, most)
    return { pandoc.Div({ grid }, { "", { "table-frame" } }) }
  end
  local page = PAGE[typst and "typst" or "docx"]
  local step, turned, widths = fit(most, least, lines, page)
  set_widths(grid, widths)
  if typst then
    local before = string.format("#report-table(size: %spt, turned: %s)[", page.sizes[step], tostring(turned))
    return { pandoc.RawBlock("typst", before), grid, pandoc.RawBlock("typst", "]") }
  end
  at = 0
  change_cells(grid, function(cell, head)
    at = at + 1
    if shades[at] then word_mark(cell, shades[at]) end
    word_style(cell, step, head)
  end)
  if not turned then return { grid } end
  local function mark(name) return pandoc.Para { pandoc.Str("\u{E002}" .. name .. "\u{E003}") } end
  return { mark "upright", grid, mark "turned" }
end

-- Read an HTML output; keep its tables and paragraphs, drop the soup of divs around them.
local function blocks_of_html(text)
  local rules = rules_of(text)
  local plain = text:gsub("<style.-</style>", ""):gsub("<script.-</script>", "")
  local kept = pandoc.Blocks {}
  local function keep(blocks)
    for _, block in ipairs(blocks) do
      if block.t == "Table" then
        kept:extend(table_blocks(block, rules))
      elseif block.t == "Div" then
        keep(block.content)
      elseif block.t ~= "RawBlock" then
        kept:insert(block)
      end
    end
  end
  keep(pandoc.read(plain, "html").blocks)
  return kept
end

-- ------------------------------------------------------------------ cells and outputs

local MARKDOWN = "markdown-yaml_metadata_block-auto_identifiers+lists_without_preceding_blankline"

local function blocks_of_output(output)
  local kept = pandoc.Blocks {}
  local has = {}
  for _, block in ipairs(output.content) do
    if block.t == "RawBlock" then has[block.format] = true end
    if block.t == "CodeBlock" and block.classes:includes "json" then return kept end
  end
  for _, block in ipairs(output.content) do
    if block.t == "RawBlock" and block.format == "html" then
      kept:extend(blocks_of_html(block.text))
    elseif block.t == "RawBlock" and block.format == "markdown" and not has.html then
      kept:extend(pandoc.read(block.text, MARKDOWN).blocks)
    elseif block.t == "Para" and #block.content == 1 and block.content[1].t == "Image" and not has.html then
      kept:insert(figure(block.content[1]))
    end
  end
  return kept
end

local function is_front(output)
  for _, block in ipairs(output.content) do
    if block.t == "CodeBlock" and block.classes:includes "json" and block.text:match '"notices"' then return true end
  end
  return false
end

local function wanted(cell)
  local tags = cell.attributes.tags or ""
  if tags:match '"notebook%-only"' then return false end
  local zh, en = tags:match '"zh"', tags:match '"en"'
  return not (zh or en) or (zh and lang == "zh") or (en and lang == "en")
end

local function blocks_of_cell(cell)
  local kept, front = pandoc.Blocks {}, false
  if cell.classes:includes "markdown" then
    kept:extend(cell.content)
  elseif cell.classes:includes "code" then
    for _, block in ipairs(cell.content) do
      if block.t == "Div" and block.classes:includes "output" and not block.classes:includes "stream" then
        if is_front(block) then kept, front = pandoc.Blocks {}, true end
        kept:extend(blocks_of_output(block))
      end
    end
  end
  return kept, front
end

local function notices(meta)
  local kept = pandoc.Blocks {}
  for _, notice in ipairs(meta.notices or {}) do kept:insert(pandoc.Para(pandoc.Inlines(notice))) end
  if #kept == 0 then return {} end
  if typst then
    kept:insert(1, pandoc.RawBlock("typst", "#notice["))
    kept:insert(pandoc.RawBlock("typst", "]"))
    return kept
  end
  return { pandoc.Div(kept, { "", { "notice" }, { ["custom-style"] = "Notice" } }) }
end

-- Word: body paragraphs keep their fixed line pitch, so formulas get a style of their own; list items are body text.
local word_filter = {
  Para = function(para)
    if #para.content == 1 and para.content[1].t == "Math" and para.content[1].mathtype == "DisplayMath" then
      return pandoc.Div({ para }, { "", {}, { ["custom-style"] = "Formula" } })
    end
  end,
}

function Pandoc(doc)
  lang = doc.meta.lang and stringify(doc.meta.lang):sub(1, 2) or "zh"
  words.table = doc.meta["word-table"] and stringify(doc.meta["word-table"]) or words.table
  words.figure = doc.meta["word-figure"] and stringify(doc.meta["word-figure"]) or words.figure
  local body = pandoc.Blocks {}
  for _, cell in ipairs(doc.blocks) do
    if cell.t == "Div" and cell.classes:includes "cell" then
      if wanted(cell) then
        local blocks, front = blocks_of_cell(cell)
        if front then body = pandoc.Blocks {} end
        body:extend(blocks)
      end
    else
      body:insert(cell)
    end
  end
  body = body:walk { Inlines = join_chinese_lines }
  local sections = 0
  body = body:walk { Header = function(header)
    sections = sections + 1
    header.identifier = "section-" .. sections
    return header
  end }
  if docx then body = body:walk(word_filter) end
  local all = pandoc.Blocks(notices(doc.meta))
  all:extend(body)
  return pandoc.Pandoc(all, doc.meta)
end
