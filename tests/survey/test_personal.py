"""Personal data in the spellings that people use, and honest texts that look like them."""

import pytest

from vitality.survey.personal import mask_personal, masked_name, masked_texts

#: What follows the label or the name of a title stays; everything personal goes.
NUMBERS = [
    "13800000000", "138 0000 0000", "+86 13800000000", "021-55550123", "110101199003074514",
    "a.b@example.org", "192.0.2.7", "微信：hongshizi_01", "１３８００００００００", "(021)55550123",
    "021 55550123", "02155550123", "电话55550123", "联系电话：5555 0123", "008613800000000",
    "138 00 00 00 00", "138.0000.0000", "138—0000—0000", "138－0000－0000", "138\u00a00000\u00a00000",
    "138\u200b00000000", "138 0000\n0000", "400-555-0123", "+852 5555 0123", "一三八零零零零零零零零",
    "VX:example99", "V信 ex_2020", "weixin:ex_77", "微信：ex88", "微信号是ex_de", "微信名：某某花",
    "QQ：12345678", "wxid_example1", "ex＠example.com", "ex.ample@例子.com", "10．0．0．1",
    "2001:db8::ff00:42:8329", "110101 19900307 4514", "１１０１０１１９９００３０７４５１Ｘ",
    "110101900307451", "护照 E00000000",
]  # fmt: skip


@pytest.mark.parametrize("text", NUMBERS)
def test_personal_data_are_masked_wherever_they_stand(text):
    assert mask_personal(f"找王老师{text} 谢谢") == "找王老师[已隐去] 谢谢"


NAMES = {
    "联系人：张三丰": "联系人：[已隐去]",
    "姓名 王某，电话略": "姓名 [已隐去]，电话略",
    "填表人李某审核人王某": "填表人[已隐去]审核人[已隐去]",
    "负责人为张三、李四": "负责人为[已隐去]",
    "经办人（欧阳某某）": "经办人（[已隐去]）",
    "联系人：阿依·买买提": "联系人：[已隐去]",
    "Contact person: John Smith": "Contact person: [已隐去]",
    "问钱七 13800000000": "问[已隐去]",
    "张三13800000000李四": "[已隐去]",
    "红十字会 令狐某 电话13800000000": "红十字会 [已隐去]",
    "王某 微信：example99": "[已隐去]",
    "张三（139 0000 0000）": "[已隐去]）",
}


@pytest.mark.parametrize(("text", "masked"), NAMES.items())
def test_names_are_masked_beside_a_label_or_a_number(text, masked):
    assert mask_personal(text) == masked


HONEST = [
    "1200000", "1,380,000,000", "100000000.00", "0.123456789012345", "135.5万元", "约13800人",
    "150,000-200,000", "1500 2000 300", "12.5", "1.2.3", "2024-03-01", "2024/03/01", "2024-03-01 12:30:45",
    "2024年3月1日至2024年12月31日", "2020-2021-2022-2023", "12:30:45", "比例为1:2:3:4", "组织13800000",
    "组织代码 12345678-9", "91310000MA1K35XX7G", "统一社会信用代码523100005017709012", "文号〔2024〕3号",
    "沪红〔2024〕13号", "No. 20240301001", "见附件1", "王某某工作室", "甲站（王某某工作室）",
    "负责人高度重视", "负责人：待定", "签字齐全", "审核人员齐全", "联系人及电话", "姓名、电话齐全",
    "红十字会会长兼任", "电话 12000次", "电话回访 2000-3000 人", "热线电话咨询2000次", "高中 120人",
    "方便群众", "微信公众号推广", "微信群2000人", "微信 12000人", "通过微信、QQ群联系", "WeChat group used",
    "金山区石化街道", "http://example.org/a",
]  # fmt: skip


@pytest.mark.parametrize("text", HONEST)
def test_honest_texts_stay(text):
    assert mask_personal(text) == text


def test_a_column_is_masked_as_its_texts_are():
    assert masked_texts([*NUMBERS, *NAMES, *HONEST]) == {text: mask_personal(text) for text in (*NUMBERS, *NAMES)}


def test_masked_names_of_files_stay_apart_and_stay_as_they_are():
    names = [f"t_甲镇_王某1380000000{number}.xlsx" for number in range(5)]
    masked = {masked_name(name) for name in names}
    assert len(masked) == 5 and {masked_name(name) for name in masked} == masked
    assert all(name.startswith("t_甲镇_[已隐去]-") and name.endswith(".xlsx") for name in masked)
